namespace BitArk.Replication.Failover;

/// <summary>How long a majority's echo lets a leader answer alone.</summary>
public sealed record LeaseTerms
{
    /// <summary>Checks the length.</summary>
    /// <param name="length">From the sending of the heartbeat that was echoed.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public LeaseTerms(TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        Length = length;
    }

    /// <summary>What a guard grants, on its own clock.</summary>
    public TimeSpan Length { get; }

    /// <summary>
    /// By how much the leader's own count is shorter. Two clocks that count seconds may differ in pace: quartz by some 100
    /// millionths, a virtual machine's by more. A tenth leaves room for a badly broken one.
    /// </summary>
    public TimeSpan DriftMargin => Length / 10;

    /// <summary>What the leader counts with.</summary>
    public TimeSpan Usable => Length - DriftMargin;
}
