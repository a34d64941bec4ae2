using Akka.Actor;
using BitArk.Cluster.Writes;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

/// <summary>
/// What the WalActor hears besides <see cref="PendingWrite"/>, which is the write itself. All local; <c>Attempt</c> ties a
/// completion to the background work that it completes.
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

    /// <summary>PartitionActor to WalActor: another part of the replica failed; take nothing any more.</summary>
    public sealed record Fence(string Reason) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to WalActor: flush what there is, refuse what comes. Answered with <see cref="Closed"/>.</summary>
    public sealed record Close : INoSerializationVerificationNeeded;

    /// <summary>WalActor to PartitionActor: everything appended is durable, and the durable mark says so.</summary>
    public sealed record Closed(Lsn WrittenLsn) : INoSerializationVerificationNeeded;

    /// <summary>WalActor to PartitionActor: the record that begins the epoch finds no room on the disk yet; reads need not wait for it.</summary>
    public sealed record EpochDelayed : INoSerializationVerificationNeeded
    {
        public static readonly EpochDelayed Instance = new();
    }
}
