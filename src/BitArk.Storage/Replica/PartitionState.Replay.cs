using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

// Replaying the log at start: nobody reads yet, so each record is a batch of its own without a fence.
public sealed partial class PartitionState : IWalRecordVisitor
{
    private MarkOperation[] _operations = new MarkOperation[64];
    private long[] _changed = new long[64];

    /// <summary>Applies a record read from the log. Only while nobody reads the state.</summary>
    /// <exception cref="WalCorruptException">The record is intact but its payload is none.</exception>
    void IWalRecordVisitor.Visit(in WalRecord record)
    {
        _applyingTo = record.End.Value;
        ApplyRecord(record);
    }

    // How many operations it held.
    private int ApplyRecord(in WalRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Marks:
                return ApplyMarks(record);
            case RecordType.EpochStart:
                ApplyEpochStart(record.Start, record.End, record.Epoch);
                return 0;
            case RecordType.Pad:
                ApplyPad(record.Start, record.End, record.Epoch);
                return 0;
            default:
                throw Malformed(record, $"record type {(byte)record.Type} is not known here");
        }
    }

    private int ApplyMarks(in WalRecord record)
    {
        if (!MarksPayload.TryRead(record.Payload, ref _operations, out var header, out var reason))
            throw Malformed(record, reason);
        if (_changed.Length < header.Count)
            _changed = new long[_operations.Length];
        Apply(record.End, _operations.AsSpan(0, header.Count), header.Session, header.Sequence, _changed.AsSpan(0, header.Count));
        return header.Count;
    }

    private WalCorruptException Malformed(in WalRecord record, string reason) => new(
        LogGeometry.SegmentName(_options.Geometry.SegmentIndex(record.Start)),
        _options.Geometry.SegmentOffset(record.Start),
        record.Start,
        reason);
}
