using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>
/// Applies records of the log to a state, at start or while others read it. Small records are held back until there are a few dozen operations: what a
/// random mark costs is waiting for memory, and the memory of an operation is asked for while the records behind it are decoded.
/// <see cref="Complete"/> applies the last of them.
/// </summary>
internal sealed class LogReplay(PartitionState state, LogGeometry geometry) : IWalRecordVisitor
{
    private const int HeldOperations = 32;

    private readonly MarkOperation[] _heldOperations = new MarkOperation[HeldOperations];
    private readonly HeldRecord[] _heldRecords = new HeldRecord[HeldOperations];
    private int _operationCount;
    private int _recordCount;
    private MarkOperation[] _decoded = new MarkOperation[64];
    private long[] _changed = new long[64];

    /// <summary>Marks and unmarks in the records visited, repeated ones included.</summary>
    public long Operations { get; private set; }

    /// <summary>Takes a record read from the log.</summary>
    /// <exception cref="WalCorruptException">The record is intact but its payload is none.</exception>
    public void Visit(in WalRecord record)
    {
        if (record.Type == RecordType.Marks)
        {
            OnMarks(record);
            return;
        }

        Complete();
        state.BeginBatch(record.End);
        switch (record.Type)
        {
            case RecordType.EpochStart:
                state.ApplyEpochStart(record.Start, record.End, record.Epoch);
                break;
            case RecordType.Pad:
                state.ApplyPad(record.Start, record.End, record.Epoch);
                break;
            default:
                throw Malformed(geometry, record.Start, $"record type {(byte)record.Type} is not known here");
        }
    }

    /// <summary>Applies what is held back: the state is that of the last record visited.</summary>
    public void Complete()
    {
        if (_recordCount == 0)
            return;

        state.BeginBatch(_heldRecords[_recordCount - 1].End);
        state.PrefetchBlocks(_heldOperations.AsSpan(0, _operationCount));
        var at = 0;
        foreach (ref readonly var record in _heldRecords.AsSpan(0, _recordCount))
        {
            Apply(record.End, record.Header, _heldOperations.AsSpan(at, record.Header.Count));
            at += record.Header.Count;
        }

        (_recordCount, _operationCount) = (0, 0);
    }

    private void OnMarks(in WalRecord record)
    {
        if (!MarksPayload.TryRead(record.Payload, ref _decoded, out var header, out var reason))
            throw Malformed(geometry, record.Start, reason);
        var operations = _decoded.AsSpan(0, header.Count);
        Operations += header.Count;
        if (_operationCount + header.Count > HeldOperations)
            Complete();
        if (header.Count > HeldOperations)
        {
            state.BeginBatch(record.End);
            Apply(record.End, header, operations);
            return;
        }

        state.PrefetchEntries(operations);
        operations.CopyTo(_heldOperations.AsSpan(_operationCount));
        _operationCount += header.Count;
        _heldRecords[_recordCount++] = new HeldRecord(record.End, header);
    }

    private void Apply(Lsn end, in MarksHeader header, ReadOnlySpan<MarkOperation> operations)
    {
        if (_changed.Length < operations.Length)
            _changed = new long[_decoded.Length];
        state.Apply(end, operations, header.Session, header.Sequence, _changed.AsSpan(0, operations.Length));
    }

    public static WalCorruptException Malformed(LogGeometry geometry, Lsn lsn, string reason) =>
        new(LogGeometry.SegmentName(geometry.SegmentIndex(lsn)), geometry.SegmentOffset(lsn), lsn, reason);

    private readonly record struct HeldRecord(Lsn End, MarksHeader Header);
}
