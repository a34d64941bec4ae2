namespace BitArk.Storage.Snapshots;

/// <summary>A snapshot file is not what was written: cut short, altered, or of another cluster. It is never used, not even in part.</summary>
public sealed class SnapshotInvalidException : IOException
{
    /// <summary>Names the file, the place and the reason.</summary>
    public SnapshotInvalidException(string path, long offset, string reason, bool isUnsupported = false)
        : base($"The snapshot '{path}' is invalid at offset {offset}: {reason}.")
    {
        IsUnsupported = isUnsupported;
        FilePath = path;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Where in the file the check failed.</summary>
    public long Offset { get; }

    /// <summary>Whether it is sound, but only a newer build can read it: then an older snapshot is no answer, the newer build is.</summary>
    public bool IsUnsupported { get; }

    /// <summary>What is wrong there.</summary>
    public string Reason { get; }
}
