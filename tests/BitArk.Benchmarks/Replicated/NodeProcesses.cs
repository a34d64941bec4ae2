using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Protocol.V1;

namespace BitArk.Benchmarks.Replicated;

/// <summary>One node, or three that hold the same partition, each a process of its own on loopback.</summary>
internal sealed class NodeProcesses : IAsyncDisposable
{
    private static readonly TimeSpan LevelBound = TimeSpan.FromSeconds(120);

    private NodeProcesses(Member[] members)
    {
        Members = members;
        LeaderView = new ClusterView(members[0].Grpc);
    }

    /// <summary>All, the leader first.</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>The one that leads: it was handed the leadership at the start.</summary>
    public Member Leader => Members[0];

    /// <summary>The follower that measurements stop, freeze and empty.</summary>
    public Member Last => Members[^1];

    /// <summary>What the leader says of all replicas.</summary>
    public ClusterView LeaderView { get; }

    /// <summary>Starts them and waits until all serve and have everything.</summary>
    /// <exception cref="NodeException">They do not.</exception>
    public static async Task<NodeProcesses> StartAsync(string binary, IReadOnlyList<NodePlan> plans)
    {
        var nodes = new NodeProcesses([.. plans.Select(plan => plan.ToMember(binary))]);
        try
        {
            foreach (var member in nodes.Members)
                member.Launch();
            await Task.WhenAll(nodes.Members.Select(member => member.ServesAsync()));
            await nodes.WhenFirstLeadsAsync();
            await nodes.WhenLevelAsync();
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>The partition as its leader sees it.</summary>
    /// <exception cref="NodeException">The leader does not answer.</exception>
    public async Task<PartitionInfo> PartitionAsync() =>
        await LeaderView.TryPartitionsAsync() is [var partition, ..] ? partition : throw new NodeException("the leader does not say what it leads");

    /// <summary>The end of the leader's log.</summary>
    public async Task<long> WrittenAsync() => (await ReplicaAsync(Leader)).WrittenLsn;

    /// <summary>One replica as the leader sees it.</summary>
    /// <exception cref="NodeException">The leader knows nothing of it.</exception>
    public async Task<ReplicaInfo> ReplicaAsync(Member member) =>
        (await PartitionAsync()).Replicas.FirstOrDefault(replica => replica.Node == member.Name) ?? throw new NodeException($"the leader says nothing of {member.Name}");

    private async Task WhenFirstLeadsAsync()
    {
        var last = "";
        var leads = await Eventually.HoldsAsync(
            async () =>
            {
                if (await LeaderView.TryPartitionsAsync() is [{ Leader: var leader }, ..] && leader == Leader.Name)
                    return true;
                last = await LeaderView.TryTransferAsync(0, Leader.Name);
                return false;
            },
            LevelBound);
        if (!leads)
            throw new NodeException($"{Leader.Name} did not come to lead within {LevelBound.TotalSeconds} s: {last}");
    }

    /// <summary>Waits until every replica has everything. Nothing may be written meanwhile.</summary>
    /// <exception cref="NodeException">It did not come to that.</exception>
    public async Task WhenLevelAsync()
    {
        var last = "";
        var isLevel = Members.Count == 1 || await Eventually.HoldsAsync(
            async () =>
            {
                var partition = await PartitionAsync();
                last = string.Join("; ", partition.Replicas.Select(ClusterView.Say));
                return ClusterView.IsLevel(partition);
            },
            LevelBound);
        if (!isLevel)
            throw new NodeException($"the replicas did not become level within {LevelBound.TotalSeconds} s: {last}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            await member.DisposeAsync();
        LeaderView.Dispose();
    }
}
