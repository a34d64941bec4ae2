using Akka.Actor;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Checkpoints;

/// <summary>What the SnapshotActor hears. All local; <c>Attempt</c> ties a completion to the job that it completes.</summary>
internal static class SnapshotProtocol
{
    /// <summary>Handle to SnapshotActor: write a snapshot now, or join the one being written. Ends by completing <see cref="Answer"/>.</summary>
    public sealed class Take : INoSerializationVerificationNeeded
    {
        public TaskCompletionSource<SnapshotOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Handle to SnapshotActor: delete what nothing needs. Ends by completing <see cref="Answer"/>.</summary>
    public sealed class Collect : INoSerializationVerificationNeeded
    {
        public TaskCompletionSource<CollectOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Timer: is a snapshot due?</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>Background to SnapshotActor: durable, read back and sound.</summary>
    public sealed record Written(long Attempt, SnapshotInfo Snapshot) : INoSerializationVerificationNeeded;

    /// <summary>Background to SnapshotActor: it could not be written; the older ones are untouched. <c>GivenUp</c>: the disk was too slow for the state's writer.</summary>
    public sealed record WriteFailed(long Attempt, Exception Cause, bool GivenUp) : INoSerializationVerificationNeeded;

    /// <summary>Background to SnapshotActor: what could be deleted is.</summary>
    public sealed record Collected(long Attempt, CollectOutcome.Collected Outcome) : INoSerializationVerificationNeeded;

    /// <summary>Background to SnapshotActor: not everything that nothing needs could be deleted.</summary>
    public sealed record CollectFailed(long Attempt, Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to SnapshotActor: give up what is under way. Answered with <see cref="Halted"/>; may be repeated.</summary>
    public sealed record Halt : INoSerializationVerificationNeeded;

    /// <summary>SnapshotActor to PartitionActor: no thread of it touches a file any more.</summary>
    public sealed record Halted : INoSerializationVerificationNeeded;
}
