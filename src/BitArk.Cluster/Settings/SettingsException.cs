namespace BitArk.Cluster;

/// <summary>The configuration cannot be used. The message is meant for the operator: one line per problem, each naming the key, the value and what is allowed.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>All problems found, so that one correction round suffices.</summary>
    public SettingsException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>A single problem.</summary>
    public SettingsException(string problem)
        : this([problem])
    {
    }

    /// <summary>One line each.</summary>
    public IReadOnlyList<string> Problems { get; }
}
