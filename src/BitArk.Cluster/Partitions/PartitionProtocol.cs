using Akka.Actor;
using BitArk.Replication.Messages;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

/// <summary>What the PartitionActor hears besides the replication messages of other nodes and the answers of its children. All local.</summary>
internal static class PartitionProtocol
{
    /// <summary>Background to PartitionActor: the replica is recovered.</summary>
    public sealed record Opened(long Attempt, ReplicaStore Store) : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: it could not be, or the opening was given up.</summary>
    public sealed record OpenFailed(long Attempt, Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: the promise is durable.</summary>
    public sealed record PromiseWritten(long Attempt) : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: it is not, and never will be by this process.</summary>
    public sealed record PromiseFailed(long Attempt, Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: the promise of an epoch is spent, durably, unless <paramref name="Failure"/> says why not.</summary>
    public sealed record PromiseSpent(Epoch Epoch, Exception? Failure) : INoSerializationVerificationNeeded;

    /// <summary>Timer: the leases that promises told of are over.</summary>
    public sealed record LeasesOver(Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>Timer of the one copy that is left: nobody else can propose.</summary>
    public sealed record ProposeMyself : INoSerializationVerificationNeeded
    {
        public static readonly ProposeMyself Instance = new();
    }

    /// <summary>ReplicatorActor to PartitionActor, when it changes: what a follower says in this epoch of its vote.</summary>
    public sealed record VoteSeen(Ack Ack) : INoSerializationVerificationNeeded;

    /// <summary>
    /// Background to PartitionActor: of the one copy that is left it is durable that <paramref name="Admitted"/> may come to vote, or (null) that enough do; unless
    /// <paramref name="Failure"/> says why not.
    /// </summary>
    public sealed record AloneWritten(Epoch Epoch, NodeId? Admitted, string? Failure) : INoSerializationVerificationNeeded;

    /// <summary>Timer while handing over: has the next leader all there is?</summary>
    public sealed record LookForTarget : INoSerializationVerificationNeeded
    {
        public static readonly LookForTarget Instance = new();
    }

    /// <summary>Timer while handing over: nobody took over in time.</summary>
    public sealed record HandOverOver(Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>Timer while leading: what must the log keep?</summary>
    public sealed record Retain : INoSerializationVerificationNeeded
    {
        public static readonly Retain Instance = new();
    }

    /// <summary>Background to PartitionActor: who lags too far is durably recorded, unless <paramref name="Failure"/> says why not.</summary>
    public sealed record OutdatedRecorded(long Attempt, IReadOnlyList<NodeId> Outdated, Exception? Failure) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to PartitionActor: a leader of a higher epoch speaks; promise it before anything else. Null: it has not said its name.</summary>
    public sealed record AdoptEpoch(Epoch Epoch, NodeId? Leader) : INoSerializationVerificationNeeded;

    /// <summary>ReplicatorActor to PartitionActor: a follower has promised a higher epoch, so this leadership is over.</summary>
    public sealed record Overtaken(Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to PartitionActor: so much of the leader's snapshot is here, 0 … 1; null: the log goes on without it after all.</summary>
    public sealed record Fetching(double? Progress) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to PartitionActor: a whole, verified snapshot is here: put it in the replica's place.</summary>
    public sealed record Install(Lsn SnapshotLsn, Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: the snapshot is in place; open the replica again.</summary>
    public sealed record Installed(long Attempt) : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: it is not.</summary>
    public sealed record InstallFailed(long Attempt, Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to PartitionActor: this repaired replica has what its leader had when it came back; give it its vote back.</summary>
    public sealed record CaughtUp : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: it votes again, durably, unless <paramref name="Failure"/> says why not.</summary>
    public sealed record Rejoined(long Attempt, string? Failure) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to PartitionActor: durable bytes of this replica contradict the leader's, or themselves.</summary>
    public sealed record FoundDamage(string Reason) : INoSerializationVerificationNeeded;

    /// <summary>Background to PartitionActor: that it is damaged is durable, unless <paramref name="Failure"/> says why not.</summary>
    public sealed record DamageRecorded(long Attempt, string Reason, string? Failure) : INoSerializationVerificationNeeded;

    /// <summary>A child to PartitionActor: its part of the replica failed for good. May come more than once.</summary>
    public sealed record StorageFailed(string Reason) : INoSerializationVerificationNeeded;

    /// <summary>Node to PartitionActor: end gracefully. Answered with <see cref="Stopped"/>; may be repeated.</summary>
    /// <param name="Keep">
    /// Only the ActorSystem ends: a sound replica stays open and readable, and is left with <see cref="PartitionStatus.Keep"/> for the next
    /// one. An order without it wins.
    /// </param>
    public sealed record Stop(bool Keep = false) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to itself, as its last step before the answer: nothing runs in the background any more.</summary>
    public sealed record WorkEnded : INoSerializationVerificationNeeded
    {
        public static readonly WorkEnded Instance = new();
    }

    /// <summary>PartitionActor to node: nothing of the partition runs any more, its log is closed or left open for the next ActorSystem.</summary>
    public sealed record Stopped(PartitionId Partition) : INoSerializationVerificationNeeded;

    /// <summary>Timer while stopping: are all writes answered?</summary>
    public sealed record LookForWrites : INoSerializationVerificationNeeded
    {
        public static readonly LookForWrites Instance = new();
    }
}
