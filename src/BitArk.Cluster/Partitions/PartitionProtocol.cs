using Akka.Actor;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

/// <summary>What the PartitionActor hears besides the answers of its children. All local.</summary>
internal static class PartitionProtocol
{
    /// <summary>Background to PartitionActor: the replica is recovered.</summary>
    public sealed record Opened(long Attempt, ReplicaStore Store) : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: it could not be, or the opening was given up.</summary>
    public sealed record OpenFailed(long Attempt, Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>A child to PartitionActor: its part of the replica failed for good. May come more than once.</summary>
    public sealed record StorageFailed(string Reason) : INoSerializationVerificationNeeded;

    /// <summary>Node to PartitionActor: end gracefully. Answered with <see cref="Stopped"/>; may be repeated.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to node: nothing of the partition runs any more, its log is closed.</summary>
    public sealed record Stopped(PartitionId Partition) : INoSerializationVerificationNeeded;

    /// <summary>Timer while stopping: are all writes answered?</summary>
    public sealed record LookForWrites : INoSerializationVerificationNeeded
    {
        public static readonly LookForWrites Instance = new();
    }
}
