using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Sessions;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

/// <summary>A replica driven by one thread as its actors would: append, flush, apply; snapshot; collect.</summary>
internal sealed class ReplicaHarness : IDisposable
{
    public const string Root = "/data";

    public static readonly CreationSettings Settings = new("node1", 1, 1, 65536, 8, 64 << 10);

    /// <summary>What each replica of several is opened with.</summary>
    public static readonly ReplicaOptions OneOfSeveral = new()
    {
        Layout = new DataDirectory(Root),
        Meta = new NodeMeta(new ClusterId(new Guid("00112233445566778899aabbccddeeff")), Guid.NewGuid(), Settings),
        Partition = new PartitionId(0),
        MaxBatchBytes = 8192,
        IsOneOfSeveral = true,
    };

    private readonly NodeDirectory _node;
    private readonly byte[] _payload = new byte[32 << 10];

    private ReplicaHarness(NodeDirectory node, ReplicaStore store)
    {
        _node = node;
        Store = store;
    }

    public ReplicaStore Store { get; }

    public PartitionState State => Store.State;

    public static PartitionDirectory Directory => new DataDirectory(Root).Partition(new PartitionId(0));

    /// <summary>Opens without beginning the epoch.</summary>
    public static ReplicaHarness Recover(IDisk disk, IRecoveryObserver? observer = null, string root = Root, CreationSettings? settings = null, bool isOneOfSeveral = false)
    {
        var node = NodeDirectory.Open(root, settings ?? Settings, disk);
        try
        {
            var options = new ReplicaOptions { Layout = node.Layout, Meta = node.Meta, Partition = new PartitionId(0), MaxBatchBytes = 8192, IsOneOfSeveral = isOneOfSeveral, TailBytes = 16 << 10 };
            return new ReplicaHarness(node, ReplicaStore.Open(options, disk, observer ?? SilentReplicaRecovery.Instance));
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    public static ReplicaHarness Open(IDisk disk, IRecoveryObserver? observer = null, string root = Root, CreationSettings? settings = null)
    {
        var harness = Recover(disk, observer, root, settings);
        try
        {
            harness.BeginEpoch();
            return harness;
        }
        catch
        {
            harness.Dispose();
            throw;
        }
    }

    /// <summary>Opens one replica of several, as a follower or to lead later; all of them are of one cluster.</summary>
    public static ReplicaHarness OpenOneOfSeveral(IDisk disk, IRecoveryObserver? observer = null)
    {
        JoinCluster(disk);
        return Recover(disk, observer, isOneOfSeveral: true);
    }

    /// <summary>Makes the node's directory, as if it had joined.</summary>
    public static void JoinCluster(IDisk disk)
    {
        if (disk.FileExists(OneOfSeveral.Layout.NodeMetaPath))
            return;
        disk.CreateDirectory(Root);
        NodeMetaFile.Create(OneOfSeveral.Layout, OneOfSeveral.Meta, disk);
    }

    /// <summary>Promises, begins and opens an epoch.</summary>
    public void Lead(Epoch epoch, Guid proposer, string name = "node1")
    {
        Store.Promise(epoch, proposer);
        Store.BeginEpoch(epoch);
        BeginEpoch(name);
    }

    /// <summary>Ships everything durable at the leader that the follower has not, and makes it durable there.</summary>
    public static void Ship(ReplicaHarness leader, ReplicaHarness follower, int maxBytes = 4096)
    {
        while (follower.Store.Log.WrittenLsn < leader.Store.Log.WrittenLsn)
            ShipSome(leader, follower, maxBytes);
    }

    /// <summary>Ships one batch, and makes it durable.</summary>
    public static void ShipSome(ReplicaHarness leader, ReplicaHarness follower, int maxBytes)
    {
        var (from, to) = (leader.Store.Log, follower.Store.Log);
        using var reader = from.OpenReader();
        var range = Assert.IsType<LogReadResult.Range>(reader.Read(to.AppendedLsn, from.WrittenLsn, maxBytes, int.MaxValue));
        while (to.TryAppendShipped(range.Start, range.PreviousEpoch, range.Bytes.Span, out _, out var verdict) is var outcome && outcome != AppendOutcome.Appended)
        {
            Assert.True(outcome == AppendOutcome.NoSpace, $"{outcome}: {verdict}");
            to.OfferSpare(to.Segments.Create(to.SpareIndex));
        }

        to.Flush();
    }

    /// <summary>Applies from the replica's own log; returns the operations applied.</summary>
    public int ApplyTo(Lsn commitLsn)
    {
        using var reader = Store.Log.OpenReader(checksTail: true);
        var operations = 0;
        while (State.LastAppliedLsn < commitLsn)
        {
            var range = Assert.IsType<LogReadResult.Range>(reader.Read(State.LastAppliedLsn, commitLsn, 4096, 100));
            operations += State.ApplyShipped(range.Bytes.Span, range.Start).Operations;
        }

        return operations;
    }

    public void BeginEpoch(string name = "node1")
    {
        var size = new EpochStartPayload(name).Write(_payload);
        var (start, end) = Append(RecordType.EpochStart, _payload.AsSpan(0, size));
        State.BeginBatch(end);
        State.ApplyEpochStart(start, end, Store.Epoch);
    }

    /// <summary>One durable, applied write.</summary>
    public ApplyResult Write(ReadOnlySpan<MarkOperation> operations, Span<long> changed, long session = 0, long sequence = 0)
    {
        var size = MarksPayload.Write(_payload, new SessionId(session), sequence, operations);
        var (_, end) = Append(RecordType.Marks, _payload.AsSpan(0, size));
        State.BeginBatch(end);
        return State.Apply(end, operations, new SessionId(session), sequence, changed);
    }

    public long Mark(long user, long channel, long upTo, long session = 0, long sequence = 0)
    {
        Span<long> changed = stackalloc long[1];
        Write([Operation(OperationKind.Mark, user, channel, 1, upTo)], changed, session, sequence);
        return changed[0];
    }

    public static MarkOperation Operation(OperationKind kind, long user, long channel, long from, long to) =>
        new(kind, NamespaceId.Default, new UserId(user), new ChannelId(channel), new MessageRange(from, to));

    /// <summary>A whole snapshot with nothing going on beside it.</summary>
    public SnapshotInfo Snapshot()
    {
        var snapshot = State.BeginSnapshot();
        while (!snapshot.Capture.CopySome(1 << 20))
        {
        }

        return Store.Snapshots.Write(snapshot, UnpacedWrites.Instance, CancellationToken.None);
    }

    /// <summary>Deletes the log that no kept snapshot needs.</summary>
    public int Collect() => Store.Log.DeleteSegmentsBelow(Store.Snapshots.RetentionFloorAt(Store.Log.WrittenLsn));

    public void Dispose()
    {
        Store.Dispose();
        _node.Dispose();
    }

    private (Lsn Start, Lsn End) Append(RecordType type, ReadOnlySpan<byte> payload)
    {
        while (true)
        {
            var before = Store.Log.AppendedLsn;
            switch (Store.Log.TryAppend(Store.Epoch, type, 0, payload, out var start, out var end))
            {
                case AppendOutcome.Appended:
                    Store.Log.Flush();
                    return (start, end);
                case AppendOutcome.FlushFirst:
                    Store.Log.Flush();
                    if (Store.Log.WrittenLsn > before)
                    {
                        State.BeginBatch(Store.Log.WrittenLsn);
                        State.ApplyPad(before, Store.Log.WrittenLsn, Store.Epoch);
                    }

                    break;
                case AppendOutcome.NoSpace:
                    Assert.True(Store.Log.OfferSpare(Store.Log.Segments.Create(Store.Log.SpareIndex)));
                    break;
                default:
                    throw new InvalidOperationException("The test writes too large a record.");
            }
        }
    }
}
