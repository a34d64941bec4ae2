namespace BitArk.Storage.Replica;

/// <summary>A data directory cannot be opened as it is. The message says what, where and what to do; nothing was changed.</summary>
public sealed class DataDirectoryException : IOException
{
    /// <summary>Names the problem and the directory.</summary>
    public DataDirectoryException(DataDirectoryProblem problem, string directory, string message, Exception? inner = null)
        : base(message, inner)
    {
        Problem = problem;
        DirectoryPath = directory;
    }

    /// <summary>What kind of problem.</summary>
    public DataDirectoryProblem Problem { get; }

    /// <summary>The data directory.</summary>
    public string DirectoryPath { get; }
}

/// <summary>Why a data directory was refused.</summary>
public enum DataDirectoryProblem
{
    /// <summary>Another process holds its lock.</summary>
    InUse,

    /// <summary>There is data but no marker: starting would begin an empty history over it.</summary>
    MarkerMissing,

    /// <summary>The marker is unreadable.</summary>
    MarkerDamaged,

    /// <summary>A setting differs from what was fixed at creation.</summary>
    SettingMismatch,

    /// <summary>A setting cannot be used to create a directory.</summary>
    SettingInvalid,

    /// <summary>A newer build wrote a file of it, in a format that this one does not know.</summary>
    NewerFormat,

    /// <summary>The marker is of another cluster than the one asked for.</summary>
    ClusterMismatch,
}
