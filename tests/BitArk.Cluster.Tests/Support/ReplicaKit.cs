using Akka.Actor;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Tests.Support;

/// <summary>A replica on real files with its actors left to the test.</summary>
public abstract class ReplicaKit : TestKit
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bitark-actor-");
    private readonly NodeDirectory _directory;

    private protected ReplicaKit()
        : base(SettingsLoader.Defaults().Hocon)
    {
        Settings = SettingsLoader.FromHocon($"bitark {{ data-dir = \"{_root.FullName}\", wal {{ segment-bytes = 64 KiB, disk-floor-bytes = 0 }} }}\n{Extra}");
        _directory = NodeDirectory.Open(_root.FullName, new CreationSettings("node1", 1, 1, 65536, 64, 1 << 20), Disk);
        Status = new PartitionStatus(new PartitionId(0), Settings, new MemoryGate(long.MaxValue));
        Store = ReplicaStore.Open(Environment().OptionsOf(Status), Disk, SilentReplicaRecovery.Instance);
    }

    /// <summary>HOCON besides.</summary>
    private protected virtual string Extra => "";

    private protected ScriptedDisk Disk { get; } = new();

    private protected BitArkSettings Settings { get; }

    private protected PartitionStatus Status { get; }

    private protected ReplicaStore Store { get; }

    /// <summary>What the node gives to its partitions.</summary>
    private protected PartitionEnvironment Environment() => new()
    {
        Directory = _directory,
        Disk = Disk,
        Time = TimeProvider.System,
        Failed = (_, _) => { },
        ReplicasOf = _ => new ReplicaSet([new NodeId("node1")]),
    };

    /// <summary>A write as the handle sends it.</summary>
    private protected (PendingWrite Write, Task<WriteOutcome> Outcome) NewWrite(params MarkOperation[] operations)
    {
        var write = Status.Pool.Rent();
        var bytes = MarksPayload.Write(write.PayloadBuffer(MarksPayload.SizeOf(default, operations)), default, 0, operations);
        write.Begin(RecordType.Marks, bytes, operations.Length);
        write.ChargedBytes = 100;
        Assert.True(Status.Admission.TryEnter(100));
        return (write, write.Task.AsTask());
    }

    /// <summary>Starts an actor under a parent that shows <paramref name="parent"/> what it is told.</summary>
    private protected async Task<IActorRef> StartAsync(Props child, IActorRef parent)
    {
        var started = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        Sys.ActorOf(Props.Create(() => new ForwardingParent(child, parent, started)));
        return await started.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Store.Dispose();
        _directory.Dispose();
        _root.Delete(recursive: true);
    }
}
