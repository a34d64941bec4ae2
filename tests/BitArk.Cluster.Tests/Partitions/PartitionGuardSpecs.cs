using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Tests.Support;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Partitions;

/// <summary>What must not open a replica twice, nor leave one open.</summary>
public sealed class PartitionGuardSpecs : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bitark-guard-");
    private readonly ScriptedDisk _disk = new();
    private readonly List<string> _failures = [];
    private readonly TaskCompletionSource<string> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PartitionStatus _status;

    public PartitionGuardSpecs()
        : base(SettingsLoader.Defaults().Hocon) =>
        _status = new PartitionStatus(new PartitionId(0), SettingsOf("own"), new MemoryGate(long.MaxValue));

    [Fact]
    public async Task Should_close_what_comes_from_another_attempt_and_serve_its_own()
    {
        var elsewhere = new ScriptedDisk();
        using var other = OpenDirectory("other", elsewhere);
        var late = ReplicaStore.Open(Environment(other, elsewhere).OptionsOf(_status), elsewhere, SilentReplicaRecovery.Instance);
        using var own = OpenDirectory("own", _disk);
        var gate = new Gate();
        _disk.Before = (_, _) => gate.Pass();
        var partition = Sys.ActorOf(PartitionActor.Props(_status, Environment(own, _disk)));
        await gate.Reached;

        partition.Tell(new PartitionProtocol.Opened(Attempt: -1, late));
        await partition.Ask<ActorIdentity>(new Identify(0), Patience);
        Assert.Equal(0, elsewhere.OpenFiles);
        gate.Open();

        await Eventually.HoldsAsync(() => _status.Phase is PartitionPhase.Serving, "it serves");
        Assert.NotSame(late, _status.Replica!.Store);
        await partition.Ask<PartitionProtocol.Stopped>(new PartitionProtocol.Stop(), Patience);
    }

    [Fact]
    public async Task Should_fail_once_and_close_its_files_when_its_actors_cannot_be_started()
    {
        using var own = OpenDirectory("own", _disk);
        var odd = ActorSystem.Create(
            "odd", ConfigurationFactory.ParseString("bitark.dispatchers.wal.type = NoSuchDispatcher").WithFallback(SettingsLoader.Defaults().Hocon));
        var partition = odd.ActorOf(PartitionActor.Props(_status, Environment(own, _disk)));

        Assert.StartsWith("unexpected: ", await _failure.Task.WaitAsync(Patience), StringComparison.Ordinal);
        Assert.True(_disk.OpenFiles > 0);
        await partition.Ask<PartitionProtocol.Stopped>(new PartitionProtocol.Stop(), Patience);

        Assert.Equal(0, _disk.OpenFiles);
        Assert.Single(_failures);
        await odd.Terminate();
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _status.Replica?.Store.State.Dispose();
        _root.Delete(recursive: true);
    }

    private BitArkSettings SettingsOf(string directory) =>
        SettingsLoader.FromHocon($"bitark {{ data-dir = \"{Path.Combine(_root.FullName, directory)}\", wal {{ segment-bytes = 64 KiB, disk-floor-bytes = 0 }} }}");

    private NodeDirectory OpenDirectory(string name, ScriptedDisk disk) =>
        NodeDirectory.Open(_root.CreateSubdirectory(name).FullName, new CreationSettings("node1", 1, 1, 65536, 64, 1 << 20), disk);

    private PartitionEnvironment Environment(NodeDirectory directory, ScriptedDisk disk) => new()
    {
        Directory = directory,
        Disk = disk,
        Time = TimeProvider.System,
        ReplicasOf = _ => new ReplicaSet([new NodeId("node1")]),
        Failed = (_, reason) =>
        {
            _failures.Add(reason);
            _failure.TrySetResult(reason);
        },
    };
}
