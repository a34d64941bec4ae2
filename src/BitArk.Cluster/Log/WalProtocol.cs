using Akka.Actor;
using BitArk.Cluster.Writes;
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

    /// <summary>PartitionActor to WalActor, after the promise is durable: nothing below the epoch is taken any more. Answered with <see cref="Fenced"/>; may be repeated.</summary>
    public sealed record Fence(Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to PartitionActor: fenced; this is what the log holds, all of it durable.</summary>
    public sealed record Fenced(Epoch Epoch, Epoch LastEpoch, Lsn WrittenLsn) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to WalActor, after a majority promised: begin the epoch and take writes for it. Ignored if the fence has moved on.</summary>
    public sealed record Lead(Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to WalActor: the leader's bytes, checked for place and term. Answered with <see cref="ShippedWritten"/> once durable, or <see cref="ShippedRefused"/>.</summary>
    public sealed record AppendShipped(Epoch Epoch, Lsn Start, Epoch PreviousEpoch, ReadOnlyMemory<byte> Bytes) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to FollowerActor, once per group commit: durable up to here.</summary>
    public sealed record ShippedWritten(Epoch Epoch, Lsn WrittenLsn) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to FollowerActor: not taken; the log is appended up to <paramref name="Expected"/>.</summary>
    public sealed record ShippedRefused(Epoch Epoch, Lsn Expected, ShippedRefusal Why, string Detail) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to WalActor: the histories differ behind this position. Answered with <see cref="Truncated"/>.</summary>
    public sealed record Truncate(Epoch Epoch, Lsn To) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to FollowerActor: the log ends here, durably.</summary>
    public sealed record Truncated(Epoch Epoch, Epoch LastEpoch, Lsn WrittenLsn) : INoSerializationVerificationNeeded;

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

/// <summary>Why shipped bytes were not appended.</summary>
internal enum ShippedRefusal
{
    /// <summary>They do not begin where the log ends, or the fence has moved on: ask again.</summary>
    OutOfPlace,

    /// <summary>They are not the records that were sent: damaged on the way.</summary>
    Damaged,

    /// <summary>The record before them is of another epoch here: the histories differ; ask again.</summary>
    OtherHistory,

    /// <summary>Bytes that are here already are others: one of the two logs is damaged.</summary>
    Contradiction,

    /// <summary>The next segment does not exist yet: the disk is busy or full.</summary>
    NoRoom,

    /// <summary>Intact, but written by a newer version: this build must not go on.</summary>
    Unsupported,
}
