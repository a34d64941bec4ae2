using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;
using BitArk.Storage.Wal;
using Google.Protobuf;
using Grpc.Core;

namespace BitArk.Node.Peers;

/// <summary>One other node over gRPC. Safe for concurrent use.</summary>
internal sealed class GrpcPeer(NodeId name, GrpcPeers peers) : IPeer
{
    /// <inheritdoc/>
    public bool IsUp => peers.Find(name) is { Status: NodeStatus.Up, GrpcAuthority.Length: > 0 };

    /// <inheritdoc/>
    public async ValueTask<WriteOutcome> WriteAsync(PartitionId partition, WriteCommand command, CancellationToken cancellation)
    {
        if (Client() is not { } client)
            return new WriteOutcome.NoLeader();

        var request = new ForwardedWrite { Partition = partition.Value, Route = Positions.ToMessage(command.Route), Marks = Encode(command) };
        try
        {
            using var call = client.WriteAsync(request, peers.Options(command.Route.Deadline, cancellation));
            var outcome = WriteOutcomeMessages.FromReply(await call.ResponseAsync.ConfigureAwait(false));
            Count("write", "ok");
            return outcome;
        }
        catch (RpcException fault)
        {
            Count("write", fault.StatusCode.ToString());
            if (CallFault.NeverArrived(fault))
                return new WriteOutcome.NoLeader();
            if (CallFault.IsCancellation(fault))
                throw new OperationCanceledException(fault.Message, fault, cancellation);

            return new WriteOutcome.OutcomeUnknown($"the call to {name} broke off: {fault.StatusCode}");
        }
    }

    /// <inheritdoc/>
    public IPartitionReads Reads(PartitionId partition, bool fromLeader, in CallRoute route, CancellationToken deadline) =>
        new RemoteReads(this, partition, fromLeader, route, deadline);

    /// <inheritdoc/>
    public async Task<DigestOutcome> DigestAsync(PartitionId partition, Lsn at, CancellationToken cancellation)
    {
        if (Client() is not { } client)
            return new DigestOutcome.Unavailable($"{name} has no known address");

        try
        {
            using var call = client.DigestAsync(new DigestRequest { Partition = partition.Value, At = at.Value }, peers.Options(null, cancellation));
            var reply = await call.ResponseAsync.ConfigureAwait(false);
            Count("digest", "ok");
            return reply.OutcomeCase switch
            {
                DigestReply.OutcomeOneofCase.Computed => new DigestOutcome.Computed(new Lsn(reply.Computed.Lsn), reply.Computed.Digest),
                DigestReply.OutcomeOneofCase.Passed => new DigestOutcome.Passed(new Lsn(reply.Passed)),
                _ => new DigestOutcome.Unavailable(reply.Unavailable),
            };
        }
        catch (RpcException fault)
        {
            Count("digest", fault.StatusCode.ToString());
            return new DigestOutcome.Unavailable($"{name}: {fault.StatusCode}");
        }
    }

    /// <summary>A client of its service; null while its address is not known.</summary>
    public Peer.PeerClient? Client() => peers.Find(name) is { GrpcAuthority: { Length: > 0 } authority } ? peers.At(authority) : null;

    /// <summary>The metadata and bounds of one call.</summary>
    public CallOptions Options(in CallRoute route, CancellationToken cancellation) => peers.Options(route.Deadline, cancellation);

    /// <summary>Counts one call.</summary>
    public void Count(string kind, string outcome) => peers.Metrics.Forwarded(kind, name, outcome);

    /// <summary>The refusal that a broken read means: reads may be asked anew, so all of them pass.</summary>
    public ReadRefusal RefusalOf(RpcException fault) => new ReadRefusal.NoLeader($"{name}: {fault.StatusCode}");

    private static ByteString Encode(WriteCommand command)
    {
        var operations = command.Operations.Span;
        var bytes = new byte[MarksPayload.SizeOf(command.Session, operations)];
        MarksPayload.Write(bytes, command.Session, command.Sequence, operations);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
