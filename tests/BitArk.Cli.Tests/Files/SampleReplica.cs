using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Cli.Tests.Files;

/// <summary>Makes the data directory of a node with one partition, by the storage engine itself on the real file system.</summary>
internal sealed class SampleReplica : IDisposable
{
    public const int SegmentBytes = 65_536;
    private readonly NodeDirectory _node;
    private readonly ReplicaStore _store;
    private readonly byte[] _payload = new byte[32 << 10];

    public SampleReplica(string root)
    {
        _node = NodeDirectory.Open(root, new CreationSettings("node1", 1, 1, SegmentBytes, 8, 64 << 10), PosixDisk.Instance);
        var options = new ReplicaOptions { Layout = _node.Layout, Meta = _node.Meta, Partition = new PartitionId(0), MaxBatchBytes = 8192 };
        _store = ReplicaStore.Open(options, PosixDisk.Instance, SilentReplicaRecovery.Instance);
        var size = new EpochStartPayload("node1").Write(_payload);
        var (start, end) = Append(RecordType.EpochStart, size);
        _store.State.BeginBatch(end);
        _store.State.ApplyEpochStart(start, end, _store.Epoch);
    }

    public string Cluster => _node.Meta.ClusterId.ToString();

    public PartitionDirectory Directory => _node.Layout.Partition(new PartitionId(0));

    public Lsn End => _store.Log.WrittenLsn;

    public static MarkOperation Operation(OperationKind kind, long user, long channel, long from, long to, ushort ns = 0) =>
        new(kind, new NamespaceId(ns), new UserId(user), new ChannelId(channel), new MessageRange(from, to));

    public void Write(long session, long sequence, params MarkOperation[] operations)
    {
        var size = MarksPayload.Write(_payload, new SessionId(session), sequence, operations);
        var (_, end) = Append(RecordType.Marks, size);
        _store.State.BeginBatch(end);
        _store.State.Apply(end, operations, new SessionId(session), sequence, new long[operations.Length]);
    }

    public SnapshotInfo Snapshot()
    {
        var snapshot = _store.State.BeginSnapshot();
        while (!snapshot.Capture.CopySome(1 << 20))
        {
        }

        return _store.Snapshots.Write(snapshot, UnpacedWrites.Instance, CancellationToken.None);
    }

    /// <summary>As the node does once it has been idle for a moment.</summary>
    public void MarkDurable() => _store.Log.WriteMark(_store.Log.WrittenLsn);

    /// <summary>As the node does once nothing needs them any more.</summary>
    public int DeleteSegmentsBelow(Lsn floor) => _store.Log.DeleteSegmentsBelow(floor);

    /// <summary>As the node does when it finds that bytes of this replica are bad.</summary>
    public void MarkDamaged() => _store.MarkDamaged();

    public void Dispose()
    {
        _store.Dispose();
        _node.Dispose();
    }

    private (Lsn Start, Lsn End) Append(RecordType type, int payloadBytes)
    {
        while (true)
        {
            switch (_store.Log.TryAppend(_store.Epoch, type, 0, _payload.AsSpan(0, payloadBytes), out var start, out var end))
            {
                case AppendOutcome.Appended:
                    _store.Log.Flush();
                    return (start, end);
                case AppendOutcome.FlushFirst:
                    _store.Log.Flush();
                    _store.State.BeginBatch(_store.Log.WrittenLsn);
                    _store.State.SkipTo(_store.Log.WrittenLsn);
                    break;
                case AppendOutcome.NoSpace:
                    Assert.True(_store.Log.OfferSpare(_store.Log.Segments.Create(_store.Log.SpareIndex)));
                    break;
                default:
                    throw new InvalidOperationException("too large a record");
            }
        }
    }
}
