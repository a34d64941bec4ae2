using System.Diagnostics;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.Clusters;

/// <summary>Three real node processes on loopback that hold the same partitions. Whoever leads may change with every fault.</summary>
internal sealed class Trio : IAsyncDisposable
{
    private const int Nodes = 3;
    private static readonly TimeSpan LevelBound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LeadBound = TimeSpan.FromSeconds(60);
    private volatile Member _leader;

    private Trio(TrioSettings settings, Member[] members, LeaderLinks? links)
    {
        Settings = settings;
        Members = members;
        Links = links;
        Views = [.. members.Select(member => new ClusterView(member.Grpc))];
        _leader = members[0];
    }

    /// <summary>How they were started.</summary>
    public TrioSettings Settings { get; }

    /// <summary>All three, by name.</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>What each of them says of the cluster, in the same order.</summary>
    public IReadOnlyList<ClusterView> Views { get; }

    /// <summary>The links to the leader, if it was started behind such.</summary>
    public LeaderLinks? Links { get; }

    /// <summary>The node that led partition 0 when <see cref="TryPartitionsAsync"/> last looked.</summary>
    public Member Leader => _leader;

    /// <summary>What that node says.</summary>
    public ClusterView LeaderView => ViewOf(Leader);

    /// <summary>The other two.</summary>
    public IEnumerable<Member> Followers => Members.Where(member => !ReferenceEquals(member, Leader));

    /// <summary>Prepares three empty nodes.</summary>
    public static Trio Create(string binary, ScratchDirectory scratch, TrioSettings settings)
    {
        int[] ports = FreePorts.Take(2 * Nodes);
        LeaderLinks? links = settings.HasLinks ? new LeaderLinks(akkaPort: ports[0], grpcPort: ports[Nodes]) : null;
        NodeSite[] sites = [.. Enumerable.Range(0, Nodes).Select(i => settings.Sites.Count > 0 ? settings.Sites[i] : new NodeSite("127.0.0.1", scratch.At($"node{i + 1}"), []))];
        string[] seeds = [.. Enumerable.Range(0, Nodes).Select(i => $"{(i == 0 && links is not null ? LeaderLinks.Host : sites[i].Host)}:{ports[i]}")];
        Member[] members = [.. Enumerable.Range(0, Nodes).Select(i => new Member(
            binary,
            $"node{i + 1}",
            new NodeSettings
            {
                DataDirectory = sites[i].DataDirectory,
                Wrapper = sites[i].Wrapper,
                Partitions = settings.Partitions,
                SnapshotEveryBytes = settings.SnapshotEveryBytes,
                More =
                [
                    $"bitark.node-name=node{i + 1}",
                    $"bitark.bind={sites[i].Host}",
                    .. settings.Sites.Count > 0 ? ["bitark.allow-insecure-bind=on"] : Array.Empty<string>(),
                    $"bitark.grpc.port={ports[Nodes + i]}",
                    $"akka.remote.dot-netty.tcp.port={ports[i]}",
                    .. settings.Common(seeds),
                    .. i == 0 && links is not null ? [$"bitark.advertised-host={LeaderLinks.Host}"] : Array.Empty<string>(),
                ],
            },
            new Uri($"http://{sites[i].Host}:{ports[Nodes + i]}")))];
        return new Trio(settings, members, links);
    }

    /// <summary>Starts all, and waits until they serve; the first leads everything, so that a verb knows the parts of its nodes.</summary>
    public async Task StartAsync()
    {
        foreach (Member member in Members)
            member.Launch();
        await Task.WhenAll(Members.Select(member => member.ServesAsync()));
        await GatherAsync(Members[0]);
    }

    /// <summary>Hands the leadership of every partition to one node.</summary>
    /// <exception cref="NodeException">It did not come to that.</exception>
    public async Task GatherAsync(Member leader)
    {
        string last = "";
        bool leads = await Eventually.HoldsAsync(
            async () =>
            {
                IReadOnlyList<PartitionInfo> partitions = await TryPartitionsAsync();
                if (partitions.Count == Settings.Partitions && partitions.All(partition => partition.Leader == leader.Name))
                    return true;
                foreach (PartitionInfo partition in partitions.Where(partition => partition.Leader != leader.Name))
                    last = await LeaderView.TryTransferAsync(partition.Id, leader.Name);
                return false;
            },
            LeadBound);
        if (!leads)
            throw new NodeException($"{leader.Name} did not come to lead within {LeadBound.TotalSeconds} s: {last}");
    }

    /// <summary>
    /// Every partition in the eyes of its leader, the only one that knows of all replicas; fewer while some are led by nobody. Of
    /// two that say so the one with the higher epoch is right.
    /// </summary>
    public async Task<IReadOnlyList<PartitionInfo>> TryPartitionsAsync()
    {
        IReadOnlyList<PartitionInfo>[] seen = await Task.WhenAll(Members.Select(member => member.Process is { HasExited: false } ? ViewOf(member).TryPartitionsAsync() : Task.FromResult<IReadOnlyList<PartitionInfo>>([])));
        PartitionInfo[] led =
        [
            .. Members.SelectMany((member, i) => seen[i].Where(partition => partition.Leader == member.Name && partition.Replicas.Count == Nodes))
                .GroupBy(partition => partition.Id).Select(same => same.MaxBy(partition => partition.Epoch)!).OrderBy(partition => partition.Id),
        ];
        if (led is [{ Id: 0 } first, ..])
            _leader = Members.First(member => member.Name == first.Leader);
        return led;
    }

    /// <summary>One replica of a partition in the eyes of its leader; null while nobody leads it.</summary>
    public async Task<ReplicaInfo?> TryReplicaAsync(string node, int partition) =>
        (await TryPartitionsAsync()).FirstOrDefault(known => known.Id == partition)?.Replicas.FirstOrDefault(replica => replica.Node == node);

    /// <summary>Starts again whichever was given up by the others.</summary>
    public async Task ReviveAsync()
    {
        foreach (Member member in Members)
        {
            if (await member.ReviveAsync())
                await member.ServesAsync();
        }
    }

    /// <summary>Waits until every follower is alive and has acknowledged and applied all that the leader has. Nothing may be written meanwhile.</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="NodeException">It did not come to that.</exception>
    public async Task<TimeSpan> WhenLevelAsync()
    {
        var elapsed = Stopwatch.StartNew();
        string last = "";
        bool isLevel = await Eventually.HoldsAsync(
            async () =>
            {
                await ReviveAsync();
                IReadOnlyList<PartitionInfo> partitions = await TryPartitionsAsync();
                last = string.Join(Environment.NewLine, partitions.SelectMany(partition => partition.Replicas.Select(replica => $"  partition {partition.Id}: {ClusterView.Say(replica)}")));
                return partitions.Count == Settings.Partitions && partitions.All(ClusterView.IsLevel);
            },
            LevelBound);
        return isLevel
            ? elapsed.Elapsed
            : throw new NodeException($"the replicas did not become level within {LevelBound.TotalSeconds} s; the leader's view:{Environment.NewLine}{last}");
    }

    private ClusterView ViewOf(Member member) => Views[Members.ToList().IndexOf(member)];

    /// <summary>Waits until both followers are alive and not far behind, while writes go on.</summary>
    /// <exception cref="NodeException">It did not come to that.</exception>
    public async Task WhenLevelOrNearAsync()
    {
        bool isNear = await Eventually.HoldsAsync(
            async () =>
            {
                await ReviveAsync();
                IReadOnlyList<PartitionInfo> partitions = await TryPartitionsAsync();
                return partitions.Count == Settings.Partitions && partitions.All(partition => partition.Replicas.All(replica => replica is { Status: "Alive", LagBytes: < 64 << 10 }));
            },
            LevelBound);
        if (!isNear)
            throw new NodeException($"the followers did not come near within {LevelBound.TotalSeconds} s");
    }

    /// <summary>Stops all three in good order, the first one last: if that leads everything, no leadership moves any more, and no log grows.</summary>
    public async Task TerminateAsync()
    {
        foreach (Member member in Members.Reverse())
            await member.TerminateAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Member member in Members)
            await member.DisposeAsync();
        foreach (ClusterView view in Views)
            view.Dispose();
        if (Links is not null)
            await Links.DisposeAsync();
    }
}
