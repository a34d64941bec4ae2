using Akka.Actor;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Replication.Messages;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Bitmap;

/// <summary>What the BitmapActor hears besides <see cref="WrittenBatch"/>. All local.</summary>
internal static class BitmapProtocol
{
    /// <summary>A reader that the writer overtook too often: the look-up is done here, where nothing overtakes it. Ends by completing its own task.</summary>
    public abstract class Overtaken : INoSerializationVerificationNeeded
    {
        public abstract void Answer(PartitionState state);

        public abstract void Fail(string reason);
    }

    /// <summary>PartitionActor to BitmapActor, before the WalActor is told to lead: what comes is of this epoch, and this is whose acks commit it.</summary>
    public sealed record Lead(Epoch Epoch, ReplicaSet Replicas, NodeId Self, CommitRule Rule, bool IsAlone = false) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to BitmapActor, behind the WalActor's last batch: who still waits gets OUTCOME_UNKNOWN.</summary>
    public sealed record StepDown(Epoch Epoch) : INoSerializationVerificationNeeded;

    /// <summary>ReplicatorActor to BitmapActor: what a follower says of itself. May be repeated.</summary>
    public sealed record Acked(Ack Ack) : INoSerializationVerificationNeeded;

    /// <summary>FollowerActor to BitmapActor: durable here, equal to the leader's log, and committed up to here: apply it from the log.</summary>
    public sealed record ApplyUpTo(Lsn CommitLsn) : INoSerializationVerificationNeeded;

    /// <summary>
    /// FollowerActor to BitmapActor, before the log is cut: of what was asked for before, apply nothing above this. Answered with
    /// <see cref="Held"/>, which repeats the nonce of the leader's order; may be repeated. What is asked for afterwards counts again.
    /// </summary>
    public sealed record HoldAt(long Nonce, Lsn To) : INoSerializationVerificationNeeded;

    /// <summary>BitmapActor to FollowerActor: how far memory reaches, and goes nowhere beyond the position asked for by itself.</summary>
    public sealed record Held(long Nonce, Lsn LastAppliedLsn) : INoSerializationVerificationNeeded;

    /// <summary>BitmapActor to itself: the next slice of the log.</summary>
    public sealed record ApplyMore : INoSerializationVerificationNeeded
    {
        public static readonly ApplyMore Instance = new();
    }

    /// <summary>Handle to BitmapActor: the checksum at the first end of a record at or beyond a position. Ends by completing its own task.</summary>
    public record DigestAt(Lsn At, CancellationToken Cancellation) : INoSerializationVerificationNeeded
    {
        public TaskCompletionSource<DigestOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>On the BitmapActor's thread, between two records.</summary>
        public virtual void Compute(PartitionState state) => Answer.TrySetResult(new DigestOutcome.Computed(state.LastAppliedLsn, state.Digest()));
    }

    /// <summary>SnapshotActor to BitmapActor: begin a snapshot between two batches. Answered with <see cref="SnapshotBegun"/> or <see cref="SnapshotRefused"/>.</summary>
    public sealed record BeginSnapshot(long Attempt, TimeSpan Patience) : INoSerializationVerificationNeeded;

    /// <summary>BitmapActor to SnapshotActor: the state at <see cref="PartitionSnapshot.Lsn"/> is being copied.</summary>
    public sealed record SnapshotBegun(long Attempt, PartitionSnapshot Snapshot) : INoSerializationVerificationNeeded;

    /// <summary>BitmapActor to SnapshotActor: it could not begin.</summary>
    public sealed record SnapshotRefused(long Attempt, string Reason) : INoSerializationVerificationNeeded;

    /// <summary>BitmapActor to itself while a snapshot is copied and no batch drives it on.</summary>
    public sealed record CopyMore : INoSerializationVerificationNeeded
    {
        public static readonly CopyMore Instance = new();
    }

    /// <summary>BitmapActor to PartitionActor: the record that begins the epoch is committed and applied, so the replica may serve.</summary>
    public sealed record EpochBegun(Epoch Epoch, Lsn Lsn) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to BitmapActor, after the log has closed: answer when everything committed is applied.</summary>
    public sealed record Drain : INoSerializationVerificationNeeded;

    /// <summary>BitmapActor to PartitionActor.</summary>
    public sealed record Drained(Lsn LastAppliedLsn) : INoSerializationVerificationNeeded;
}
