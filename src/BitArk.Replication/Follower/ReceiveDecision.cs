namespace BitArk.Replication.Follower;

/// <summary>What a follower does about a <see cref="Messages.ReplicateBatch"/>.</summary>
public abstract record ReceiveDecision
{
    private ReceiveDecision()
    {
    }

    /// <summary>Check the bytes and append them from here on; ack when they are durable. The bytes before must be checked to be equal.</summary>
    /// <param name="SkipBytes">How many of them are in the log already.</param>
    public sealed record Append(int SkipBytes) : ReceiveDecision;

    /// <summary>All of it is in the log already (or it is empty): check that it is equal, take its CommitLsn, ack again.</summary>
    public sealed record Duplicate : ReceiveDecision;

    /// <summary>Something before it is missing: answer <see cref="Messages.Nack"/>.</summary>
    /// <param name="Expected">The end of the log.</param>
    public sealed record Gap(Lsn Expected) : ReceiveDecision;

    /// <summary>From a leader of the past: answer <see cref="Messages.WrongEpoch"/> with what is promised.</summary>
    public sealed record StaleEpoch : ReceiveDecision;

    /// <summary>Promise it durably, fence the log, then pull in it; the batch itself is dropped.</summary>
    /// <param name="Epoch">The epoch.</param>
    public sealed record HigherEpoch(Epoch Epoch) : ReceiveDecision;

    /// <summary>Nothing was granted in this epoch, or it is being asked again: drop it, it comes again.</summary>
    public sealed record NotStreaming : ReceiveDecision;

    /// <summary>Damaged on the way: count it, answer <see cref="Messages.Nack"/> with <c>WasDamaged</c>; nothing of it is appended.</summary>
    /// <param name="Expected">The end of the log.</param>
    /// <param name="Reason">What is wrong.</param>
    public sealed record Corrupt(Lsn Expected, string Reason) : ReceiveDecision;

    /// <summary>The same place of the same epoch holds other bytes here: one of two durable logs is wrong. Stop, loudly.</summary>
    /// <param name="Lsn">Where.</param>
    public sealed record Diverged(Lsn Lsn) : ReceiveDecision;
}
