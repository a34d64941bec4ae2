using BitArk.Cluster;
using BitArk.Protocol;
using BitArk.Protocol.Internal.V1;
using BitArk.Storage.Wal;
using Grpc.Core;

namespace BitArk.Node.Peers;

/// <summary>What other nodes of the cluster ask of this one. Every call is answered here or refused, never passed on.</summary>
internal sealed partial class PeerService(IReadStatusNode node, ReadSettings settings, PeerMetrics metrics) : Peer.PeerBase
{
    /// <inheritdoc/>
    public override async Task<ForwardedWriteReply> Write(ForwardedWrite request, ServerCallContext context)
    {
        var partition = Addressed(request.Partition, context);
        MarkOperation[] operations = [];
        if (!MarksPayload.TryRead(request.Marks.Span, ref operations, out var header, out var reason))
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"marks: {reason}"));

        var command = new WriteCommand(operations.AsMemory(0, header.Count), header.Session, header.Sequence, Positions.FromMessage(request.Route));
        try
        {
            return WriteOutcomeMessages.ToReply(await partition.WriteAsync(command, context.CancellationToken).ConfigureAwait(false));
        }
        catch (ArgumentException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
        catch (OperationCanceledException)
        {
            return WriteOutcomeMessages.ToReply(new WriteOutcome.OutcomeUnknown("the deadline passed first"));
        }
    }

    /// <inheritdoc/>
    public override async Task<DigestReply> Digest(DigestRequest request, ServerCallContext context)
    {
        var partition = Addressed(request.Partition, context);
        try
        {
            return await partition.DigestAsync(new Lsn(request.At), context.CancellationToken).ConfigureAwait(false) switch
            {
                DigestOutcome.Computed done => new DigestReply { Computed = new DigestAt { Lsn = done.Lsn.Value, Digest = done.Digest } },
                DigestOutcome.Passed passed => new DigestReply { Passed = passed.LastAppliedLsn.Value },
                DigestOutcome.Unavailable not => new DigestReply { Unavailable = not.Reason },
                _ => new DigestReply { Unavailable = "" },
            };
        }
        catch (OperationCanceledException)
        {
            return new DigestReply { Unavailable = "the position was not reached in time" };
        }
    }

    /// <summary>The partition a call is about, once it is known to come from this cluster.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: another cluster's. INVALID_ARGUMENT: there is no such partition.</exception>
    private IPartition Addressed(int partition, ServerCallContext context)
    {
        if (context.RequestHeaders.GetValue(BitArkHeaders.Cluster) != node.ClusterId.ToString())
        {
            metrics.Foreign();
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "The call is not of this cluster."));
        }

        return partition >= 0 && partition < node.Partitions.Count
            ? node.Partitions[partition]
            : throw new RpcException(new Status(StatusCode.InvalidArgument, $"There is no partition {partition}."));
    }
}
