namespace BitArk.Replication.Failover;

/// <summary>How patient a coordinator is. None of it is about safety: that is in the promises.</summary>
public sealed record FailoverTiming
{
    /// <summary>A node that has said nothing for so long counts as away, whatever the failure detector thinks.</summary>
    public required TimeSpan SilentAfter { get; init; }

    /// <summary>Between two sendings of what was not answered.</summary>
    public required TimeSpan RepeatAfter { get; init; }

    /// <summary>How long promises are waited for before a higher epoch is tried.</summary>
    public required TimeSpan RoundTimeout { get; init; }

    /// <summary>How long the promises of the others are waited for once a majority's are in, so that the one that suits best may be among them.</summary>
    public required TimeSpan ChooseAfter { get; init; }

    /// <summary>How long an appointed leader may take until it serves, beyond the lease it waits out.</summary>
    public required TimeSpan ServeTimeout { get; init; }

    /// <summary>
    /// How long a hand-over may take until its target has everything; then it is given up and the old leader goes on. Until then the
    /// leader may refuse writes, so no longer than callers can wait.
    /// </summary>
    public required TimeSpan HandOverTimeout { get; init; }

    /// <summary>The pause before the second try; each later one is longer, up to ten times this.</summary>
    public required TimeSpan RetryFirst { get; init; }
}
