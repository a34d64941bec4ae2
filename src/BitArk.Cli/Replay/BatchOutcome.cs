namespace BitArk.Cli.Replay;

/// <summary>What became of one batch at the node. Closed union.</summary>
internal abstract record BatchOutcome
{
    private BatchOutcome()
    {
    }

    /// <summary>Every read of it is durable and applied; <paramref name="Changed"/> ids became read by it.</summary>
    public sealed record Acknowledged(long Changed) : BatchOutcome;

    /// <summary>Some or all of it may not be written, and the same batch may be sent again.</summary>
    public sealed record Retriable(string Reason) : BatchOutcome;

    /// <summary>Its sequence lies below what the session remembers: whether it was written before is no longer known.</summary>
    public sealed record Forgotten : BatchOutcome;

    /// <summary>Sending it again would end the same way.</summary>
    public sealed record Refused(string Reason) : BatchOutcome;
}
