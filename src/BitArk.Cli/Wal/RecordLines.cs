using System.Globalization;
using BitArk.Storage.Wal;

namespace BitArk.Cli.Wal;

/// <summary>
/// The lines of a log dump. Each begins with the record's epoch and position, so that <c>grep E3@1:0x1F40</c> finds a
/// record here and in a node's log alike, and has its facts as <c>key=value</c>.
/// </summary>
internal static class RecordLines
{
    /// <summary>The line of a record.</summary>
    public static string Record(in WalRecord record, long segmentBytes)
    {
        var head = $"{record.Epoch}@{record.Start.Format(segmentBytes)} {record.Type}";
        var bytes = string.Create(CultureInfo.InvariantCulture, $"bytes={record.Header.Length}");
        return record.Type switch
        {
            RecordType.Marks => MarksHeader.TryRead(record.Payload, out var marks, out var reason)
                ? string.Create(CultureInfo.InvariantCulture, $"{head} {Session(marks)} ops={marks.Count} {bytes}")
                : $"{head} unreadable: {reason}",
            RecordType.EpochStart => EpochStartPayload.TryRead(record.Payload, out var reason) is { } start
                ? $"{head} leader={start.Leader} {bytes}"
                : $"{head} unreadable: {reason}",
            _ => $"{head} {bytes}",
        };
    }

    /// <summary>The line of one operation of a record.</summary>
    public static string Operation(in WalRecord record, in MarkOperation operation, long segmentBytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"{record.Epoch}@{record.Start.Format(segmentBytes)}   {(operation.Kind == OperationKind.Mark ? "mark" : "unmark")} ns={operation.Namespace.Value} user={operation.User} channel={operation.Channel} ids={Ids(operation.Range)}");

    private static string Session(in MarksHeader marks) => marks.Session.Value == 0
        ? "session=-"
        : string.Create(CultureInfo.InvariantCulture, $"session={marks.Session.Value} sequence={marks.Sequence}");

    private static string Ids(MessageRange range) => range.From == range.To
        ? range.From.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.From}-{range.To}");
}
