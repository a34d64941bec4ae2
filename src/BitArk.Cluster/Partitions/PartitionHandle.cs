using Akka.Actor;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Routing;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Partitions;

/// <summary>The partition as front ends see it: admission and encoding on the caller's thread, then one message. Any thread.</summary>
internal sealed partial class PartitionHandle(PartitionStatus status) : IPartition
{
    private readonly int _maxPayloadBytes = new LogGeometry(status.Settings.Wal.SegmentBytes).MaxPayloadBytes;
    private readonly int _partitions = status.Settings.Partitions;
    private readonly RouteMemory _routes = new(status);

    public PartitionId Id => status.Id;

    public PartitionPhase Phase => status.Phase;

    public Leadership Leadership => status.Leadership;

    public IReadOnlyList<ReplicaView> Replicas => status.ReplicaViews is { Count: > 0 } known ? known : OwnView.Of(status, Positions);

    public bool HasPeers => status.HasPeers;

    public WireCounts WireCounts => status.Wire.Counts;

    public PartitionPositions Positions
    {
        get
        {
            if (status.Replica is not { Store: var store })
                return new PartitionPositions(Epoch.None, default, default, default, default, default, 0, 0);

            // In the order in which a write passes, so that each is at least what the one before it was.
            var applied = store.State.LastAppliedLsn;
            var written = store.Log.WrittenLsn;
            return new PartitionPositions(
                status.Leadership.Epoch > Epoch.None ? status.Leadership.Epoch : store.Epoch, written, status.CommitLsn, applied, store.Log.MinRetainedLsn, status.SnapshotLsn, store.State.Tables.ReadSetCount, store.State.Tables.MemoryBytes);
        }
    }

    public TimeSpan? FlushingFor => status.FlushingFor;

    public IPartitionReads Reads =>
        status.Replica?.Reads ?? throw new InvalidOperationException($"Partition {Id} cannot be read: it is {Phase}.");

    public ValueTask<WriteOutcome> WriteAsync(WriteCommand command, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<WriteOutcome>(cancellation);

        WriteScreen.Validate(command, Id, _partitions);
        return status.HasPeers && !command.Route.Stays && !status.IsEnding
            ? WriteAnywhereAsync(command, cancellation)
            : WriteHereAsync(command, cancellation);
    }

    public Task<DigestOutcome> DigestAsync(Lsn at, CancellationToken cancellation)
    {
        if (status.Running is not { } replica)
            return Task.FromResult<DigestOutcome>(new DigestOutcome.Unavailable($"the replica does not serve: {status.Phase.GetType().Name}"));

        var request = new BitmapProtocol.DigestAt(at, cancellation);
        replica.Bitmap.Tell(request, ActorRefs.NoSender);
        return request.Answer.Task.WaitAsync(cancellation);
    }

    public Task<SnapshotOutcome> SnapshotAsync(CancellationToken cancellation)
    {
        var request = new SnapshotProtocol.Take();
        if (status.Running is not { } replica)
            return Task.FromResult<SnapshotOutcome>(new SnapshotOutcome.Failed($"partition {Id} does not serve: {Phase}"));

        replica.Snapshots.Tell(request, ActorRefs.NoSender);
        return request.Answer.Task.WaitAsync(cancellation);
    }

    public Task<CollectOutcome> CollectAsync(CancellationToken cancellation)
    {
        var request = new SnapshotProtocol.Collect();
        if (status.Running is not { } replica)
            return Task.FromResult<CollectOutcome>(new CollectOutcome.Failed($"partition {Id} does not serve: {Phase}"));

        replica.Snapshots.Tell(request, ActorRefs.NoSender);
        return request.Answer.Task.WaitAsync(cancellation);
    }

    private ValueTask<WriteOutcome> WriteHereAsync(WriteCommand command, CancellationToken cancellation)
    {
        var operations = command.Operations.Span;
        if ((RefusalOf(command.Route) ?? WriteScreen.RefusalFor(operations, status)) is { } refusal)
            return new(refusal);

        var bytes = MarksPayload.SizeOf(command.Session, operations);
        if (bytes > _maxPayloadBytes || operations.Length > MarksPayload.MaxOperations)
            return new(new WriteOutcome.TooLarge(bytes, _maxPayloadBytes));

        var charge = LogGeometry.Align(RecordHeader.Size + bytes);
        var admission = status.Admission;
        if (!admission.TryEnter(charge))
            return new(new WriteOutcome.Overloaded(WriteScreen.RetryAfter));

        // A partition that stops first changes its phase and then waits until nothing is counted: one of the two sees the other.
        if (WriteScreen.RefusalIn(status.Phase, status.Leadership) is { } ended)
        {
            admission.Leave(charge);
            return new(ended);
        }

        return Send(command, bytes, charge, cancellation);
    }

    private ValueTask<WriteOutcome> Send(WriteCommand command, int bytes, long charge, CancellationToken cancellation)
    {
        var operations = command.Operations.Span;
        var write = status.Pool.Rent();
        MarksPayload.Write(write.PayloadBuffer(bytes), command.Session, command.Sequence, operations);
        write.Begin(RecordType.Marks, bytes, operations.Length);
        write.ChargedBytes = charge;
        var task = write.Task;
        write.GiveUpOn(cancellation);
        status.Replica!.Wal.Tell(write, ActorRefs.NoSender);
        return task;
    }
}
