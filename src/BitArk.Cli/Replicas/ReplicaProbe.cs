using BitArk.Cli.Nodes;
using BitArk.Cluster;
using BitArk.Protocol;
using BitArk.Protocol.Internal.V1;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Cli.Replicas;

/// <summary>Asks the nodes over gRPC: the view of each partition where it is led, checksums where the replicas are. One at a time.</summary>
internal sealed class ReplicaProbe(NodeAddress first) : IReplicaProbe, IDisposable
{
    private static readonly TimeSpan ViewBound = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, NodeConnection> _connections = new(StringComparer.Ordinal) { [""] = NodeConnection.Open(first) };
    private ClusterReply? _cluster;

    /// <summary>The cluster as the node of the command line sees it.</summary>
    /// <exception cref="RpcException">It does not answer.</exception>
    public async Task<ClusterReply> ClusterAsync(CancellationToken cancellation) =>
        _cluster = await ViewAsync(_connections[""], cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<PartitionInfo?> LookAsync(int partition, CancellationToken cancellation)
    {
        try
        {
            var known = Find(await ClusterAsync(cancellation).ConfigureAwait(false), partition);
            if (known is null || known.Leader.Length == 0 || known.Leader == _cluster!.AnsweredBy)
                return known;

            return To(known.Leader) is { } leader ? Find(await ViewAsync(leader, cancellation).ConfigureAwait(false), partition) : null;
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<DigestOutcome> DigestAsync(string node, int partition, Lsn at, TimeSpan atMost, CancellationToken cancellation)
    {
        if (To(node) is not { } connection)
            return new DigestOutcome.Unavailable("its address is not known");

        var metadata = new Metadata { { BitArkHeaders.Cluster, _cluster!.ClusterId } };
        try
        {
            using var call = connection.Peer.DigestAsync(
                new DigestRequest { Partition = partition, At = at.Value }, new CallOptions(metadata, DateTime.UtcNow + atMost, cancellation));
            var reply = await call.ResponseAsync.ConfigureAwait(false);
            return reply.OutcomeCase switch
            {
                DigestReply.OutcomeOneofCase.Computed => new DigestOutcome.Computed(new Lsn(reply.Computed.Lsn), reply.Computed.Digest),
                DigestReply.OutcomeOneofCase.Passed => new DigestOutcome.Passed(new Lsn(reply.Passed)),
                _ => new DigestOutcome.Unavailable(reply.Unavailable),
            };
        }
        catch (RpcException failure) when (!cancellation.IsCancellationRequested)
        {
            return new DigestOutcome.Unavailable(failure.StatusCode == StatusCode.DeadlineExceeded ? "not reached in time" : CallFailure.Describe(failure));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections.Values)
            connection.Dispose();
    }

    private static PartitionInfo? Find(ClusterReply cluster, int partition) => cluster.Partitions.FirstOrDefault(known => known.Id == partition);

    private static async Task<ClusterReply> ViewAsync(NodeConnection connection, CancellationToken cancellation) =>
        await connection.Admin.ClusterAsync(new ClusterRequest(), new CallOptions(deadline: DateTime.UtcNow + ViewBound, cancellationToken: cancellation)).ResponseAsync.ConfigureAwait(false);

    private NodeConnection? To(string node)
    {
        if (_connections.TryGetValue(node, out var known))
            return known;
        if (_cluster!.Nodes.FirstOrDefault(one => one.Name == node) is not { Address.Length: > 0 } info
            || !NodeAddress.TryParse($"grpc://{info.Address}", out var address, out _))
        {
            return null;
        }

        return _connections[node] = NodeConnection.Open(address);
    }
}
