using Akka.Actor;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Tests.Support;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Partitions;

public sealed class PartitionActorSpecs : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bitark-partition-");
    private readonly TaskCompletionSource<string> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ScriptedDisk _disk = new();
    private readonly NodeDirectory _directory;
    private readonly PartitionStatus _status;

    public PartitionActorSpecs()
        : base(SettingsLoader.Defaults().Hocon)
    {
        var settings = SettingsLoader.FromHocon($"bitark {{ data-dir = \"{_root.FullName}\", wal {{ segment-bytes = 64 KiB, disk-floor-bytes = 0 }} }}");
        _directory = NodeDirectory.Open(_root.FullName, new CreationSettings("node1", 1, 1, 65536, 64, 1 << 20), _disk);
        _status = new PartitionStatus(new PartitionId(0), settings, new MemoryGate(long.MaxValue));
    }

    [Fact]
    public async Task Should_answer_what_its_children_still_hold_when_stopped_after_a_failure()
    {
        var partition = Start();
        await Eventually.HoldsAsync(() => _status.Phase is PartitionPhase.Serving, "it serves");
        var replica = _status.Replica!;
        var gate = new Gate();
        replica.Bitmap.Tell(new OvertakenRead<int>(_ =>
        {
            gate.Pass();
            return 0;
        }));
        await gate.Reached;
        var before = replica.Store.Log.WrittenLsn;
        var write = new PartitionHandle(_status).WriteAsync(Words.Mark(1, 1));
        await Eventually.HoldsAsync(() => replica.Store.Log.WrittenLsn > before, "the write is durable and waits to be applied");

        partition.Tell(new PartitionProtocol.StorageFailed("mine"));
        var stopped = partition.Ask<PartitionProtocol.Stopped>(new PartitionProtocol.Stop(), Patience);
        await ProcessedAsync(partition);
        await ProcessedAsync(replica.Snapshots);
        await ProcessedAsync(partition);
        gate.Open();

        Assert.IsType<WriteOutcome.Committed>(await write);
        await stopped;
        Assert.Equal("mine", await _failure.Task.WaitAsync(Patience));
    }

    /// <summary>What was read before the new epoch was in the log once bore its label; without that record the next start called those tokens lost.</summary>
    [Fact]
    public async Task Should_label_what_is_read_with_the_epoch_that_is_in_the_log()
    {
        var partition = Start();
        await Eventually.HoldsAsync(() => _status.Phase is PartitionPhase.Serving, "it serves");
        Assert.IsType<WriteOutcome.Committed>(await new PartitionHandle(_status).WriteAsync(Words.Mark(1, 1)));
        await partition.Ask<PartitionProtocol.Stopped>(new PartitionProtocol.Stop(), Patience);
        await partition.GracefulStop(Patience);

        var gate = _disk.HoldSegmentSyncs();
        Start();
        await gate.Reached;
        Assert.Equal(new Epoch(1), new PartitionHandle(_status).Reads.Position.Epoch);
        gate.Open();

        await Eventually.HoldsAsync(() => _status.Phase is PartitionPhase.Serving, "it serves again");
        Assert.Equal(new Epoch(2), new PartitionHandle(_status).Reads.Position.Epoch);
    }

    [Fact]
    public async Task Should_stay_failed_when_an_opening_that_began_before_goes_on()
    {
        var gate = new Gate();
        var raised = false;
        _disk.Before = (operation, path) =>
        {
            if (operation == "open" && path.EndsWith("epoch.mark.tmp", StringComparison.Ordinal))
                gate.Pass();
            Volatile.Write(ref raised, Volatile.Read(ref raised) || (operation == "fdatasync" && path.EndsWith("epoch.mark", StringComparison.Ordinal)));
        };
        var partition = Start();
        await gate.Reached;
        partition.Tell(new PartitionProtocol.StorageFailed("mine"));
        await _failure.Task.WaitAsync(Patience);
        gate.Open();

        await Eventually.HoldsAsync(() => Volatile.Read(ref raised) && _disk.OpenFiles == 0, "it was opened, and closed again");
        Assert.Equal(new PartitionPhase.Failed("mine"), _status.Phase);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _status.Replica?.Store.State.Dispose();
        _directory.Dispose();
        _root.Delete(recursive: true);
    }

    private IActorRef Start() => Sys.ActorOf(PartitionActor.Props(_status, new PartitionEnvironment
    {
        Directory = _directory,
        Disk = _disk,
        Time = TimeProvider.System,
        Failed = (_, reason) => _failure.TrySetResult(reason),
        ReplicasOf = _ => new ReplicaSet([new NodeId("node1")]),
    }));

    private static Task<ActorIdentity> ProcessedAsync(IActorRef actor) => actor.Ask<ActorIdentity>(new Identify(0), Patience);
}
