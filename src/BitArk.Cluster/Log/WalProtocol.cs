using Akka.Actor;
using BitArk.Cluster.Writes;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

/// <summary>
/// What the WalActor hears besides <see cref="PendingWrite"/>, which is a client's write itself. All local; <c>Attempt</c> ties a
/// completion to the background work that it completes, <c>Epoch</c> an order to the term it was given in.
/// </summary>
internal static class WalProtocol
{
    /// <summary>WalActor to itself, once per batch: arrives behind every write that was queued meanwhile.</summary>
    public sealed record Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }

    /// <summary>Timer, every 100 ms: write the durable mark if the log grew, look at the disk, try again for a segment.</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>Background to WalActor: the segment asked for exists.</summary>
    public sealed record SpareMade(long Attempt, WalSegment Segment) : INoSerializationVerificationNeeded;

    /// <summary>Background to WalActor: it could not be made. Tried again when the disk was full, final otherwise.</summary>
    public sealed record SpareFailed(long Attempt, Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>Background to WalActor: the durable mark is up to date, and this much of the disk is free.</summary>
    public sealed record Tidied(long Attempt, long FreeBytes) : INoSerializationVerificationNeeded;

    /// <summary>Background to WalActor: the durable mark could not be written. Final.</summary>
    public sealed record TidyFailed(long Attempt, Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>
    /// PartitionActor to WalActor, after the promise is durable: nothing below the epoch is taken any more, and this replica does not
    /// lead, not even in that epoch. Answered with <see cref="Fenced"/>; may be repeated.
    /// </summary>
    public sealed record Fence(Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to PartitionActor: fenced; this is what the log holds, all of it durable.</summary>
    public sealed record Fenced(Epoch Epoch, Epoch LastEpoch, Lsn WrittenLsn) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to WalActor, after a majority promised: begin the epoch and take writes for it. Ignored if the fence has moved on.</summary>
    public sealed record Lead(Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>
    /// ReplicatorActor to WalActor: a learner waits for a commit, and nobody writes: append the <c>EpochStart</c> again. Ignored
    /// if the log has grown since, or the epoch is not led any more.
    /// </summary>
    public sealed record LeadOn(Epoch Epoch, Lsn From) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to WalActor: a batch of the leader's. Answered with <see cref="ShippedWritten"/> once durable, or at once with <see cref="ShippedDecided"/> or <see cref="ShippedDelayed"/>.</summary>
    /// <param name="Batch">The batch.</param>
    /// <param name="IsStreaming">Whether this epoch's leader has granted the stream.</param>
    /// <param name="Leader">Who sent it.</param>
    public sealed record AppendShipped(ReplicateBatch Batch, bool IsStreaming, IActorRef Leader) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to FollowerActor, once per group commit: durable up to here.</summary>
    public sealed record ShippedWritten(Epoch Epoch, Lsn WrittenLsn) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to FollowerActor: nothing of the batch was appended, and why.</summary>
    public sealed record ShippedDecided(Epoch Epoch, ReceiveDecision Decision, IActorRef Leader) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to FollowerActor: the next segment is not there yet, the disk is busy or full; ask again from <paramref name="Expected"/> on after a while.</summary>
    public sealed record ShippedDelayed(Epoch Epoch, Lsn Expected) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to WalActor: the histories differ behind this position. Answered with <see cref="Truncated"/>.</summary>
    public sealed record Truncate(Epoch Epoch, Lsn To) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to FollowerActor: the log ends here, durably.</summary>
    public sealed record Truncated(Epoch Epoch, Lsn WrittenLsn) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to WalActor: another part of the replica failed; take nothing any more.</summary>
    public sealed record Fail(string Reason) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to WalActor: flush what there is, refuse what comes. Answered with <see cref="Closed"/>.</summary>
    public sealed record Close : INoSerializationVerificationNeeded;

    /// <summary>WalActor to PartitionActor: everything appended is durable, and the durable mark says so.</summary>
    public sealed record Closed(Lsn WrittenLsn) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to PartitionActor: the record that begins the epoch finds no room on the disk yet; reads of a lone replica need not wait for it.</summary>
    public sealed record EpochDelayed : INoSerializationVerificationNeeded
    {
        public static readonly EpochDelayed Instance = new();
    }
}
