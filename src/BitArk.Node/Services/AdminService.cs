using BitArk.Cluster;
using BitArk.Node.Metrics;
using BitArk.Node.Requests;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using BitArk.Storage.Disk;
using Grpc.Core;

namespace BitArk.Node.Services;

/// <summary>What operators ask of a node. These calls may take long, so without a stated deadline they last as long as the client stays.</summary>
internal sealed partial class AdminService(IReadStatusNode node, ClusterView view, CallMeter calls, ILogger<AdminService> logger) : Admin.AdminBase
{
    /// <inheritdoc/>
    public override Task<ClusterReply> Cluster(ClusterRequest request, ServerCallContext context) =>
        calls.Watch(OperationKinds.Cluster, CallMeter.Now, Task.FromResult(view.Describe()));

    /// <inheritdoc/>
    public override Task<SnapshotReply> Snapshot(PartitionRequest request, ServerCallContext context) =>
        calls.Watch(OperationKinds.Snapshot, CallMeter.Now, SnapshotAsync(request, context));

    /// <inheritdoc/>
    public override Task<CollectReply> Collect(PartitionRequest request, ServerCallContext context) =>
        calls.Watch(OperationKinds.Collect, CallMeter.Now, CollectAsync(request, context));

    /// <inheritdoc/>
    public override Task<TransferLeaderReply> TransferLeader(TransferLeaderRequest request, ServerCallContext context) =>
        calls.Watch(OperationKinds.TransferLeader, CallMeter.Now, TransferLeaderAsync(request, context));

    private async Task<SnapshotReply> SnapshotAsync(PartitionRequest request, ServerCallContext context)
    {
        var reply = new SnapshotReply();
        using var deadline = CallDeadline.Of(context, whenUnstated: null);
        foreach (var partition in Addressed(request))
        {
            var outcome = await WithinAsync(partition.SnapshotAsync(deadline.Token), partition, "the snapshot goes on").ConfigureAwait(false);
            if (outcome is not SnapshotOutcome.Written written)
                throw Failed(partition, "The snapshot could not be written", ((SnapshotOutcome.Failed)outcome).Reason);

            reply.Snapshots.Add(new SnapshotInfo
            {
                Partition = partition.Id.Value,
                Lsn = written.Lsn.Value,
                Bytes = written.Bytes,
                ReadSets = written.ReadSets,
            });
        }

        return reply;
    }

    private async Task<CollectReply> CollectAsync(PartitionRequest request, ServerCallContext context)
    {
        var reply = new CollectReply();
        using var deadline = CallDeadline.Of(context, whenUnstated: null);
        foreach (var partition in Addressed(request))
        {
            var outcome = await WithinAsync(partition.CollectAsync(deadline.Token), partition, "the collection goes on").ConfigureAwait(false);
            if (outcome is not CollectOutcome.Collected collected)
                throw Failed(partition, "Log segments could not be deleted", ((CollectOutcome.Failed)outcome).Reason);

            reply.SegmentsDeleted += collected.SegmentsDeleted;
            reply.BytesFreed += collected.BytesFreed;
        }

        return reply;
    }

    /// <summary>The partitions a request is about: one, or all on this node. All of them serve, or the call is refused before any is touched.</summary>
    private IReadOnlyList<IPartition> Addressed(PartitionRequest request)
    {
        if (request.HasPartition)
            Require(Existing(request.Partition));
        IReadOnlyList<IPartition> addressed = request.HasPartition ? [node.Partitions[request.Partition]] : node.Partitions;
        foreach (var partition in addressed)
        {
            if (PhaseErrors.From(partition.Phase, partition.Id) is { } error)
                throw error.ToException();
        }

        return addressed;
    }

    private FieldViolation? Existing(int partition) =>
        partition >= 0 && partition < node.Partitions.Count
            ? null
            : new FieldViolation("partition", $"must be 0 … {node.Partitions.Count - 1} but is {partition}");

    private static async Task<T> WithinAsync<T>(Task<T> work, IPartition partition, string continuing)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new ReadStatusError(
                ErrorReason.OutcomeUnknown,
                $"The deadline passed before partition {partition.Id} was done; {continuing}.",
                "partition",
                partition.Id.ToString()).ToException();
        }
    }

    private RpcException Failed(IPartition partition, string what, string reason)
    {
        LogFailed(what, partition.Id, reason);
        if (PhaseErrors.From(partition.Phase, partition.Id) is { } error)
            return error.ToException();

        return IsDiskFull(reason)
            ? new ReadStatusError(
                ErrorReason.DiskLow, $"{what} in partition {partition.Id}: the disk is full. Free disk space.", "partition", partition.Id.ToString()).ToException()
            : new ReadStatusError(
                ErrorReason.StorageFailed, $"{what} in partition {partition.Id}. {PhaseErrors.SeeLog}", "partition", partition.Id.ToString()).ToException();
    }

    // The outcome carries the failure as text; this is how a DiskException ends.
    private static bool IsDiskFull(string reason) =>
        reason.Contains($"(errno {DiskException.NoSpace})", StringComparison.Ordinal)
        || reason.Contains($"(errno {DiskException.QuotaExceeded})", StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} in partition {Partition}: {Reason}")]
    private partial void LogFailed(string what, PartitionId partition, string reason);

    private static void Require(FieldViolation? violation)
    {
        if (violation is { } found)
            throw found.ToError().ToException();
    }
}
