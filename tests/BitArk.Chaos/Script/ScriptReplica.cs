using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Chaos.Script;

/// <summary>One replica driven by one thread: what the node's actors do side by side, in an order that is the same in every run.</summary>
internal sealed class ScriptReplica : IDisposable
{
    private static readonly CreationSettings Settings = new(
        NodeName: "script", Partitions: 1, ReplicationFactor: 1, SegmentBytes: 64 << 10, SessionWindow: 64, SessionMaxBytes: 1 << 20);

    private readonly NodeDirectory _directory;
    private readonly ReplicaStore _store;
    private readonly byte[] _payload = new byte[32 << 10];
    private readonly long[] _changed = new long[MarksPayload.MaxOperations];

    /// <summary>Opens or creates it, recovering what an earlier run left.</summary>
    public ScriptReplica(string directory)
    {
        PosixDisk disk = PosixDisk.Instance;
        _directory = NodeDirectory.Open(directory, Settings, disk);
        try
        {
            var options = new ReplicaOptions { Layout = _directory.Layout, Meta = _directory.Meta, Partition = new PartitionId(0) };
            _store = ReplicaStore.Open(options, disk, SilentReplicaRecovery.Instance);
        }
        catch
        {
            _directory.Dispose();
            throw;
        }
    }

    /// <summary>The memory.</summary>
    public PartitionState State => _store.State;

    /// <summary>Begins to lead: the epoch's first record is durable when this returns.</summary>
    public void Lead()
    {
        int length = new EpochStartPayload("script").Write(_payload);
        (Lsn start, Lsn end) = Append(RecordType.EpochStart, length);
        _store.Log.Flush();
        State.BeginBatch(end);
        State.ApplyEpochStart(start, end, _store.Epoch);
        MakeSpare();
    }

    /// <summary>One write: when this returns it is durable in the log and applied.</summary>
    public void Write(ReadOnlySpan<MarkOperation> operations, long sequence)
    {
        int length = MarksPayload.Write(_payload, ScriptWrites.Session, sequence, operations);
        (_, Lsn end) = Append(RecordType.Marks, length);
        _store.Log.Flush();
        State.BeginBatch(end);
        State.Apply(end, operations, ScriptWrites.Session, sequence, _changed.AsSpan(0, operations.Length));
        MakeSpare();
    }

    /// <summary>Writes the durable mark.</summary>
    public void WriteMark() => _store.Log.WriteMark(_store.Log.WrittenLsn);

    /// <summary>Writes a snapshot and deletes what it makes superfluous; gives the number of segments deleted.</summary>
    public int SnapshotAndCollect()
    {
        PartitionSnapshot snapshot = State.BeginSnapshot();
        while (!snapshot.Capture.CopySome(1 << 20))
        {
        }

        _store.Snapshots.Write(snapshot, UnpacedWrites.Instance, CancellationToken.None);
        return _store.Log.DeleteSegmentsBelow(_store.Snapshots.RetentionFloorAt(_store.Log.WrittenLsn));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    private (Lsn Start, Lsn End) Append(RecordType type, int length)
    {
        while (true)
        {
            AppendOutcome outcome = _store.Log.TryAppend(_store.Epoch, type, 0, _payload.AsSpan(0, length), out Lsn start, out Lsn end);
            switch (outcome)
            {
                case AppendOutcome.Appended:
                    return (start, end);
                case AppendOutcome.FlushFirst:
                    _store.Log.Flush();
                    break;
                case AppendOutcome.NoSpace:
                    MakeSpare();
                    break;
                default:
                    throw new InvalidOperationException($"the script's records must fit: {outcome}");
            }
        }
    }

    private void MakeSpare()
    {
        if (_store.Log.NeedsSpare)
            _store.Log.OfferSpare(_store.Log.Segments.Create(_store.Log.SpareIndex));
    }
}
