using BitArk.Chaos.Nodes;
using BitArk.Protocol;
using BitArk.Protocol.Internal.V1;
using BitArk.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace BitArk.Chaos.Clusters;

/// <summary>What one node says of the cluster, and the orders of an operator to it. Safe for concurrent use.</summary>
internal sealed class ClusterView : IDisposable
{
    private static readonly TimeSpan CallBound = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WorkBound = TimeSpan.FromSeconds(60);
    private readonly GrpcChannel _channel;
    private readonly Admin.AdminClient _admin;
    private readonly Peer.PeerClient _peer;

    /// <summary>Connects when first used, and again after every restart of the node.</summary>
    public ClusterView(Uri address)
    {
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
            DisposeHttpClient = true,
        });
        _admin = new Admin.AdminClient(_channel);
        _peer = new Peer.PeerClient(_channel);
    }

    /// <summary>The partitions as it sees them; empty while it does not answer.</summary>
    public async Task<IReadOnlyList<PartitionInfo>> TryPartitionsAsync()
    {
        try
        {
            return (await _admin.ClusterAsync(new ClusterRequest(), deadline: DateTime.UtcNow + CallBound)).Partitions;
        }
        catch (RpcException)
        {
            return [];
        }
    }

    /// <summary>The node that coordinates, as it sees it; empty: none, or it does not answer.</summary>
    public async Task<string> TryCoordinatorAsync()
    {
        try
        {
            return (await _admin.ClusterAsync(new ClusterRequest(), deadline: DateTime.UtcNow + CallBound)).Coordinator;
        }
        catch (RpcException)
        {
            return "";
        }
    }

    /// <summary>What it knows of one replica of a partition; null while it does not answer, or knows nothing.</summary>
    public async Task<ReplicaInfo?> TryReplicaAsync(string node, int partition) =>
        (await TryPartitionsAsync()).FirstOrDefault(known => known.Id == partition)?.Replicas.FirstOrDefault(replica => replica.Node == node);

    /// <summary>Has the leadership of a partition handed to a node.</summary>
    /// <returns>What came of it, for people.</returns>
    public async Task<string> TryTransferAsync(int partition, string node)
    {
        try
        {
            return $"{await _admin.TransferLeaderAsync(new TransferLeaderRequest { Partition = partition, Node = node }, deadline: DateTime.UtcNow + CallBound)}";
        }
        catch (RpcException failure)
        {
            return failure.Status.Detail;
        }
    }

    /// <summary>The checksum of its replica's memory here and now, and where that is.</summary>
    /// <exception cref="NodeException">It has none.</exception>
    public async Task<(long Lsn, ulong Digest)> DigestAsync(int partition)
    {
        ClusterReply cluster = await _admin.ClusterAsync(new ClusterRequest(), deadline: DateTime.UtcNow + CallBound);
        var metadata = new Metadata { { BitArkHeaders.Cluster, cluster.ClusterId } };
        DigestReply reply = await _peer.DigestAsync(new DigestRequest { Partition = partition }, metadata, DateTime.UtcNow + WorkBound);
        return reply.OutcomeCase == DigestReply.OutcomeOneofCase.Computed
            ? (reply.Computed.Lsn, reply.Computed.Digest)
            : throw new NodeException($"{cluster.AnsweredBy} has no checksum of partition {partition}: {reply}");
    }

    /// <summary>Has it write a snapshot of every partition, now.</summary>
    public async Task<IReadOnlyList<SnapshotInfo>> SnapshotAsync() =>
        (await _admin.SnapshotAsync(new PartitionRequest(), deadline: DateTime.UtcNow + WorkBound)).Snapshots;

    /// <summary>Has it delete what nobody needs, now.</summary>
    public async Task<CollectReply> CollectAsync() => await _admin.CollectAsync(new PartitionRequest(), deadline: DateTime.UtcNow + WorkBound);

    /// <summary>Whether all three replicas of a partition have everything.</summary>
    public static bool IsLevel(PartitionInfo partition) =>
        partition.Replicas.FirstOrDefault(replica => replica.Node == partition.Leader) is { } leader
        && partition.Replicas.Count == 3
        && partition.Replicas.All(replica => replica.Status == "Alive" && replica.LastAckLsn == leader.WrittenLsn && replica.LastAppliedLsn == leader.WrittenLsn);

    /// <summary>Waits until the leader gives a follower a status in every partition.</summary>
    /// <exception cref="NodeException">It did not come to that.</exception>
    public static async Task MustBecomeAsync(Trio trio, Member follower, string status, TimeSpan atMost)
    {
        ReplicaInfo[] seen = [];
        bool became = await Eventually.HoldsAsync(
            async () =>
            {
                IReadOnlyList<PartitionInfo> partitions = await trio.TryPartitionsAsync();
                seen = [.. partitions.SelectMany(partition => partition.Replicas).Where(replica => replica.Node == follower.Name)];
                return seen.Length > 0 && seen.All(replica => replica.Status == status);
            },
            atMost);
        if (!became)
            throw new NodeException($"{follower.Name} did not become {status} within {atMost.TotalSeconds} s: {string.Join("; ", seen.Select(Say))}");
    }

    /// <summary>One replica in a line.</summary>
    public static string Say(ReplicaInfo replica) =>
        $"{replica.Node} {replica.Role} {replica.Status} written {replica.WrittenLsn} commit {replica.CommitLsn} applied {replica.LastAppliedLsn} acked {replica.LastAckLsn} "
        + $"lag {replica.LagBytes} B {replica.LagSeconds:0.0} s, from {replica.MinRetainedLsn}, snapshot {replica.SnapshotLsn}, sync {replica.SyncProgress:0.00}";

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();
}
