using BitArk.Storage.Wal;

namespace BitArk.Cli.Wal;

/// <summary>Prints records as they come.</summary>
internal sealed class DumpVisitor(TextWriter writer, long segmentBytes, bool withOperations, long limit) : IWalRecordVisitor
{
    private MarkOperation[] _operations = [];

    /// <summary>Records printed.</summary>
    public long Printed { get; private set; }

    /// <inheritdoc/>
    public void Visit(in WalRecord record)
    {
        if (Printed == limit)
        {
            throw new LimitReachedException();
        }

        Printed++;
        writer.WriteLine(RecordLines.Record(record, segmentBytes));
        if (!withOperations || record.Type != RecordType.Marks || !MarksPayload.TryRead(record.Payload, ref _operations, out var marks, out _))
        {
            return;
        }

        foreach (ref readonly var operation in _operations.AsSpan(0, marks.Count))
        {
            writer.WriteLine(RecordLines.Operation(record, operation, segmentBytes));
        }
    }

    /// <summary>Ends a dump that was asked for fewer records than there are: the one way to stop the reader early.</summary>
    internal sealed class LimitReachedException : Exception;
}
