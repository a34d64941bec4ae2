using System.Diagnostics;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.Clusters;

/// <summary>Three real node processes on loopback that hold the same partitions. The first leads all of them: its name is the lowest.</summary>
internal sealed class Trio : IAsyncDisposable
{
    private const int Nodes = 3;
    private static readonly TimeSpan LevelBound = TimeSpan.FromSeconds(90);

    private Trio(TrioSettings settings, Member[] members, LeaderLinks? links)
    {
        Settings = settings;
        Members = members;
        Links = links;
        Views = [.. members.Select(member => new ClusterView(member.Grpc))];
    }

    /// <summary>How they were started.</summary>
    public TrioSettings Settings { get; }

    /// <summary>All three, the leader first.</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>What each of them says of the cluster, in the same order.</summary>
    public IReadOnlyList<ClusterView> Views { get; }

    /// <summary>The links to the leader, if it was started behind such.</summary>
    public LeaderLinks? Links { get; }

    /// <summary>The node that leads.</summary>
    public Member Leader => Members[0];

    /// <summary>What the leader says: the only one that knows of all replicas.</summary>
    public ClusterView LeaderView => Views[0];

    /// <summary>The other two.</summary>
    public IEnumerable<Member> Followers => Members.Skip(1);

    /// <summary>Prepares three empty nodes.</summary>
    public static Trio Create(string binary, ScratchDirectory scratch, TrioSettings settings)
    {
        int[] ports = FreePorts.Take(2 * Nodes);
        LeaderLinks? links = settings.HasLinks ? new LeaderLinks(akkaPort: ports[0], grpcPort: ports[Nodes]) : null;
        string[] seeds = [.. Enumerable.Range(0, Nodes).Select(i => $"{(i == 0 && links is not null ? LeaderLinks.Host : "127.0.0.1")}:{ports[i]}")];
        Member[] members = [.. Enumerable.Range(0, Nodes).Select(i => new Member(
            binary,
            $"node{i + 1}",
            new NodeSettings
            {
                DataDirectory = scratch.At($"node{i + 1}"),
                Partitions = settings.Partitions,
                SnapshotEveryBytes = settings.SnapshotEveryBytes,
                More =
                [
                    $"bitark.node-name=node{i + 1}",
                    $"bitark.grpc.port={ports[Nodes + i]}",
                    $"akka.remote.dot-netty.tcp.port={ports[i]}",
                    .. settings.Common(seeds),
                    .. i == 0 && links is not null ? [$"bitark.advertised-host={LeaderLinks.Host}"] : Array.Empty<string>(),
                ],
            },
            ports[Nodes + i]))];
        return new Trio(settings, members, links);
    }

    /// <summary>Starts all, and waits until they serve.</summary>
    public async Task StartAsync()
    {
        foreach (Member member in Members)
            member.Launch();
        await Task.WhenAll(Members.Select(member => member.ServesAsync()));
    }

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
                IReadOnlyList<PartitionInfo> partitions = await LeaderView.TryPartitionsAsync();
                last = string.Join(Environment.NewLine, partitions.SelectMany(partition => partition.Replicas.Select(replica => $"  partition {partition.Id}: {ClusterView.Say(replica)}")));
                return partitions.Count == Settings.Partitions && partitions.All(ClusterView.IsLevel);
            },
            LevelBound);
        return isLevel
            ? elapsed.Elapsed
            : throw new NodeException($"the replicas did not become level within {LevelBound.TotalSeconds} s; the leader's view:{Environment.NewLine}{last}");
    }

    /// <summary>Stops all three in good order, all at once.</summary>
    public Task TerminateAsync() => Task.WhenAll(Members.Select(member => member.TerminateAsync()));

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
