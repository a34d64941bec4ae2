using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Replication;
using BitArk.Cluster.Tests.Support;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Replication.Failover;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>
/// The three replicas of one partition, each with its own directory and all its actors, in one ActorSystem: what goes between
/// them passes a door where a test may drop, change or delay it. The network itself is the matter of other specs.
/// </summary>
public abstract class ReplicaTrio : TestKit
{
    private static readonly ClusterId Cluster = ClusterId.NewRandom();
    private static readonly string[] Names = ["node1", "node2", "node3"];
    private readonly DirectoryInfo _root;
    private readonly string _extra;
    private IActorRef? _coordinator;
    private long _starts;

    private protected ReplicaTrio(string extra = "")
        : this(Directory.CreateTempSubdirectory("bitark-trio-"), extra)
    {
    }

    private ReplicaTrio(DirectoryInfo root, string extra)
        : base(GuardKit.ConfigOf([.. Names.SelectMany(name => ((int[])[1, 2]).Select(number => (JournalOf(name, number), new DataDirectory(Path.Combine(root.FullName, name)))))]))
    {
        _root = root;
        _extra = extra;
        Replicas = new ReplicaSet([.. Names.Select(name => new NodeId(name))]);
        Nodes = [.. Replicas.Members.Select(name => new TrioNode(name))];
    }

    private protected ReplicaSet Replicas { get; }

    private protected IReadOnlyList<TrioNode> Nodes { get; }

    /// <summary>Who serves; the first where nobody does.</summary>
    private protected TrioNode Leader => Nodes.FirstOrDefault(node => node.IsRunning && node.Status.Phase is PartitionPhase.Serving) ?? Nodes[0];

    /// <summary>What travels from one replica to another: (from, to, message) to what arrives; null: nothing does.</summary>
    private protected Func<NodeId, NodeId, object, object?> Door { get; set; } = (_, _, message) => message;

    /// <summary>Damages or breaks chunks of snapshots on their way.</summary>
    private protected Func<SnapshotChunk, SnapshotChunk?> ChunkDoor { get; set; } = chunk => chunk;

    private protected async Task StartAsync(params TrioNode[] nodes)
    {
        foreach (var node in nodes)
            Start(node);
        _coordinator ??= Sys.ActorOf(TrioCoordinator.Props(new View(this)), "coordinator");
        await Task.CompletedTask;
    }

    /// <summary>The way of a message, from a node or the coordinator, to a node.</summary>
    private protected void Send(NodeId from, NodeId to, object message, IActorRef sender)
    {
        if (Door(from, to, message) is { } passed)
            Node(to).Actor.Tell(passed, sender);
    }

    private protected async Task StartAllAsync()
    {
        await StartAsync([.. Nodes]);
        await ServingAsync();
    }

    private protected Task ServingAsync() => Eventually.HoldsAsync(
        () => Leader.Status.Phase is PartitionPhase.Serving
            && Nodes.All(node => node == Leader || (node.Status.Phase is PartitionPhase.Following && node.Status.Leadership.Leader == Leader.Name)),
        "one leads, the others follow");

    private protected Task CaughtUpAsync(params TrioNode[] nodes) => Eventually.HoldsAsync(
        () => Leader.Status.Phase is PartitionPhase.Serving && nodes.All(node => node == Leader || (node.Status.Phase is PartitionPhase.Following
            && node.Status.Replica is { } replica
            && replica.Store.State.LastAppliedLsn == Leader.Store.Log.WrittenLsn
            && replica.Store.Log.WrittenLsn == Leader.Store.Log.WrittenLsn)),
        "the followers have applied what the leader has written");

    private protected async Task StopAsync(TrioNode node)
    {
        await node.Actor.Ask<PartitionProtocol.Stopped>(new PartitionProtocol.Stop(), TimeSpan.FromSeconds(20));
        Sys.Stop(node.Actor);
        node.Actor = ActorRefs.Nobody;
        node.Directory.Dispose();
    }

    /// <summary>Ends a replica's actors as the end of an ActorSystem does that another one will follow.</summary>
    private protected async Task KeepAsync(TrioNode node)
    {
        await node.Actor.Ask<PartitionProtocol.Stopped>(new PartitionProtocol.Stop(Keep: true), TimeSpan.FromSeconds(20));
        await node.Actor.GracefulStop(TimeSpan.FromSeconds(20));
        node.Actor = ActorRefs.Nobody;
    }

    /// <summary>Goes on with what <see cref="KeepAsync"/> has left.</summary>
    private protected void Resume(TrioNode node) =>
        node.Actor = Sys.ActorOf(PartitionActor.Props(node.Status, EnvironmentOf(node)), $"{node.Name}-{++_starts}");

    // Two snapshots with enough log behind them, and every follower that is there at the end of it: what is older goes.
    private protected async Task LoseTheLogAsync()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 60; i++)
                await Leader.Partition.CommitAsync([.. Enumerable.Range(0, 300).Select(j => Words.Mark((1L << 40) + (i * 10_000) + (2 * j), (1L << 40) + (i * 10_000) + (2 * j), user: 100 + i + (round * 100)))]);
            Assert.IsType<SnapshotOutcome.Written>(await Leader.Partition.SnapshotAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
        }

        await Eventually.HoldsAsync(() => Leader.Status.ReplicaViews.Any(view => view.Node == Nodes[2].Name && view.Status == BitArk.Replication.FollowerStatus.Dead), "the third is dead");
        await Eventually.HoldsAsync(
            () =>
            {
                _ = Leader.Partition.CollectAsync(CancellationToken.None);
                return Leader.Store.Log.MinRetainedLsn > Leader.Store.Log.Geometry.Origin;
            },
            "the log it needs is gone");
    }

    /// <summary>Everything that stands in the log behind the segments' headers.</summary>
    private protected static IEnumerable<byte[]> LogOf(TrioNode node) => node.Directory.Layout.Partition(new PartitionId(0)) is var directory
        ? Directory.GetFiles(directory.WalPath, "*.wal").Order().Select(path => File.ReadAllBytes(path)[64..])
        : [];

    private void Start(TrioNode node)
    {
        var path = Path.Combine(_root.FullName, node.Name.Name);
        var settings = SettingsLoader.FromHocon(
            $$"""
            bitark {
              node-name = {{node.Name}}, data-dir = "{{path}}", replication-factor = 3, cluster.expected-nodes = 3
              wal { segment-bytes = 64 KiB, disk-floor-bytes = 0 }
              failover.lease = 1200 ms
              replication { heartbeat-interval = 50 ms, dead-after = 2 s, slow-after = 200 ms }
              sessions { window = 8, max-bytes = 256 KiB }
            }
            {{_extra}}
            """);
        node.Disk = new ScriptedDisk { Before = node.BadDisk };
        node.Directory = Own(path, new CreationSettings(node.Name.Name, 1, 3, 65536, 8, 256 << 10), node.Disk);
        GuardJournalFile.Prepare(node.Directory.Layout, node.Disk);
        node.Status = new PartitionStatus(new PartitionId(0), settings, new MemoryGate(long.MaxValue));
        node.Failure = "";
        node.Actor = Sys.ActorOf(PartitionActor.Props(node.Status, EnvironmentOf(node)), $"{node.Name}-{++_starts}");
    }

    // The marker of a cluster that exists already.
    private static NodeDirectory Own(string path, CreationSettings settings, ScriptedDisk disk)
    {
        var marker = new DataDirectory(path).NodeMetaPath;
        if (!File.Exists(marker))
        {
            var meta = new NodeMeta(Cluster, Guid.NewGuid(), settings);
            var bytes = new byte[meta.Size];
            meta.Write(bytes);
            Directory.CreateDirectory(path);
            File.WriteAllBytes(marker, bytes);
        }

        return NodeDirectory.Open(path, settings, disk);
    }

    private PartitionEnvironment EnvironmentOf(TrioNode node) => new()
    {
        Directory = node.Directory,
        Disk = node.Disk,
        Time = TimeProvider.System,
        Failed = (_, reason) => node.Failure = reason,
        ReplicasOf = _ => Replicas,
        Guards = JournalOf(node.Name.Name, node.Journal),
        Routes = new Routes(this, node.Name),
        Snapshots = new Fetcher(this),
        GrpcAuthority = () => node.Name.Name,
        LongestRest = TimeSpan.FromSeconds(5),
    };

    // One ActorSystem, three data directories: each has a journal of its own.
    private static GuardJournal JournalOf(string name, int number) => new($"akka.persistence.journal.guards-{name}-{number}");

    private TrioNode Node(NodeId name) => Nodes.First(node => node.Name == name);

    protected override void AfterAll()
    {
        base.AfterAll();
        foreach (var node in Nodes.Where(node => node.Directory is not null))
        {
            Assert.True(node.Status.Jobs.WhenIdle.Wait(TimeSpan.FromSeconds(20)), "A thread of a partition never ended.");
            node.Status.Replica?.Store.Dispose();
            node.Directory.Dispose();
        }

        _root.Delete(recursive: true);
    }

    /// <summary>One node's replica.</summary>
    private protected sealed class TrioNode(NodeId name)
    {
        public NodeId Name => name;

        public IActorRef Actor { get; set; } = ActorRefs.Nobody;

        public bool IsRunning => !Actor.IsNobody();

        public PartitionStatus Status { get; set; } = null!;

        public NodeDirectory Directory { get; set; } = null!;

        public ScriptedDisk Disk { get; set; } = null!;

        /// <summary>What its disk does from its next start on.</summary>
        public Action<string, string>? BadDisk { get; set; }

        public string Failure { get; set; } = "";

        /// <summary>1 or 2: an ActorSystem makes the tables of a journal once, so a file that was taken away needs another.</summary>
        public int Journal { get; set; } = 1;

        public ReplicaStore Store => Status.Replica!.Store;

        public IPartition Partition => new PartitionHandle(Status);
    }

    private sealed class Routes(ReplicaTrio trio, NodeId from) : IReplicaRoutes
    {
        public ICanTell? PartitionAt(NodeId node, PartitionId partition) => new Doorway(trio, from, node);
    }

    // The replies go from actor to actor; wrapping the senders too would change what is tested, so only what is sent by address passes.
    private sealed class Doorway(ReplicaTrio trio, NodeId from, NodeId to) : ICanTell
    {
        public void Tell(object message, IActorRef sender) => trio.Send(from, to, message, sender);
    }

    private sealed class View(ReplicaTrio trio) : ITrio
    {
        public ClusterId ClusterId => Cluster;

        public ReplicaSet Replicas => trio.Replicas;

        public IEnumerable<(NodeId Node, ReplicaReport? Report)> Reports() =>
            trio.Nodes.Select(node => (node.Name, node.IsRunning ? node.Status.Report : (ReplicaReport?)null));

        public void Send(NodeId from, NodeId to, object message, IActorRef sender) => trio.Send(from, to, message, sender);
    }

    private sealed class Fetcher(ReplicaTrio trio) : ISnapshotFetcher
    {
        public async IAsyncEnumerable<SnapshotChunk> FetchAsync(
            string source, PartitionId partition, Lsn snapshotLsn, long offset, long length, [EnumeratorCancellation] CancellationToken cancellation)
        {
            var snapshots = trio.Node(new NodeId(source)).Store.Snapshots;
            for (var at = offset; at < offset + length;)
            {
                await Task.Yield();
                var buffer = new byte[256 << 10];
                cancellation.ThrowIfCancellationRequested();
                var read = snapshots.ReadChunk(snapshotLsn, at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, offset + length - at))) ?? throw new IOException("gone");
                var chunk = new SnapshotChunk(at, buffer.AsMemory(0, read), Crc32.HashToUInt32(buffer.AsSpan(0, read)), IsSound: true);
                at += read;
                yield return trio.ChunkDoor(chunk) ?? throw new IOException("the stream broke");
            }
        }
    }
}
