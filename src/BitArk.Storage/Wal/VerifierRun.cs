using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>One verification: the steps of recovery that look, none of those that change.</summary>
internal sealed class VerifierRun(
    string directory, string markPath, IDisk disk, Lsn from, IWalRecordVisitor? inner, Action<long, long>? progress) : IWalRecordVisitor
{
    private WalInventory? _log;
    private SegmentCatalog? _catalog;
    private MarkOperation[] _operations = [];
    private long _records;
    private Epoch _lastEpoch;

    public WalReport Report(WalVerdict verdict) => new(verdict, _log, _records, _lastEpoch);

    public WalReport Verify()
    {
        var geometry = SegmentCatalog.FindGeometry(disk, directory);
        if (!disk.FileExists(markPath))
        {
            return Report(geometry is null
                ? new WalVerdict.Absent()
                : new WalVerdict.Damaged(markPath, 0, Lsn.Zero, "the durable mark is missing although data existed"));
        }

        var slot = DurableMarkFile.ReadSlot(markPath, disk);
        var mark = slot.State;
        if (geometry is not { } shape)
            return ReportWithoutSegments(mark);
        var catalog = SegmentCatalog.Read(disk, directory, slot.Cluster, slot.Partition, shape);
        _log = new WalInventory(slot.Cluster, slot.Partition, shape, catalog.Indices, mark);
        _catalog = WithoutLeftovers(catalog, mark, shape);
        return Report(Scan(_catalog, mark, shape));
    }

    public void Visit(in WalRecord record)
    {
        RequireReadable(record);
        _records++;
        _lastEpoch = record.Epoch;
        if (record.Start >= from)
            inner?.Visit(record);
    }

    private WalReport ReportWithoutSegments(DurableMarkState mark) => Report(mark.DurableLsn == mark.LogBase
        ? new WalVerdict.Sound(mark.LogBase)
        : new WalVerdict.Damaged(markPath, 0, mark.DurableLsn, $"there is no segment, but the log was durable up to {mark.DurableLsn}"));

    private WalVerdict Scan(SegmentCatalog catalog, DurableMarkState mark, LogGeometry geometry)
    {
        var floor = LogChecks.FindFloor(disk, catalog, mark, mark.LogBase, geometry);
        LogChecks.RequireSegments(catalog, mark.LogBase, floor, geometry);
        var start = Lsn.Max(mark.LogBase, Lsn.Min(geometry.FirstPosition(geometry.SegmentIndex(from)), geometry.FirstPosition(geometry.SegmentIndex(floor))));
        var total = Math.Max(1, catalog.IsEmpty ? 0 : geometry.FirstPosition(catalog.Indices[^1] + 1).BytesSince(start));
        var scanner = new LogScanner(disk, catalog, geometry)
        {
            OnBuffer = at => progress?.Invoke(at.BytesSince(start), total),
        };
        var scan = scanner.Scan(start, Epoch.None, new BoundaryVisitor(this, start, mark.DurableLsn, geometry, catalog));
        LogChecks.RequireSound(scan, floor, geometry, catalog);
        progress?.Invoke(total, total);

        var tails = LogTail.Find(disk, catalog, geometry, scan);
        if (tails.Count == 0)
            return new WalVerdict.Sound(scan.End);
        var reason = scan.Stop == ScanStop.Invalid ? scan.Reason : LogTail.BytesBehindTheEnd;
        return new WalVerdict.TornTail(scan.End, tails[0].Path, tails[0].Offset, reason);
    }

    // What the next start removes before it reads: segments below the base, and those behind an unfinished cut.
    private static SegmentCatalog WithoutLeftovers(SegmentCatalog catalog, DurableMarkState mark, LogGeometry geometry)
    {
        var first = geometry.SegmentIndex(mark.LogBase);
        var last = mark.CutIntent is { } cut ? geometry.SegmentIndex(cut) : long.MaxValue;
        return catalog.Without(index => index < first || index > last);
    }

    private void RequireReadable(in WalRecord record)
    {
        var reason = string.Empty;
        var isReadable = record.Type switch
        {
            RecordType.Marks => MarksPayload.TryRead(record.Payload, ref _operations, out _, out reason),
            RecordType.EpochStart => EpochStartPayload.TryRead(record.Payload, out reason) is not null,
            _ => true,
        };
        if (isReadable)
            return;
        var geometry = _log!.Geometry;
        throw new WalUnsupportedException(
            _catalog!.PathOf(geometry.SegmentIndex(record.Start)), geometry.SegmentOffset(record.Start), record.Start, reason);
    }
}
