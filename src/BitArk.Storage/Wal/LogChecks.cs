using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>What tells a damaged log from one that merely ends: shared by recovery and the verifier.</summary>
internal static class LogChecks
{
    public static WalCorruptException Corrupt(SegmentCatalog catalog, LogGeometry geometry, Lsn lsn, string reason) =>
        new(catalog.PathOf(geometry.SegmentIndex(lsn)), geometry.SegmentOffset(lsn), lsn, reason);

    public static void RequireCheckpointInside(Lsn from, DurableMarkState mark, LogGeometry geometry, SegmentCatalog catalog)
    {
        if (!geometry.IsPosition(from))
            throw Corrupt(catalog, geometry, from, "the checkpoint's position is none of this log's");
        if (from < mark.LogBase)
            throw Corrupt(catalog, geometry, from, $"the checkpoint lies below the log's base {mark.LogBase}, so the log behind it is gone");
    }

    /// <summary>
    /// The position below which everything was durable. The durable mark is up to 100 ms old; a checkpoint above it, and a
    /// record at the beginning of a later segment (nothing enters a segment before the one before it is synced), prove more.
    /// </summary>
    public static Lsn FindFloor(IDisk disk, SegmentCatalog catalog, DurableMarkState mark, Lsn from, LogGeometry geometry)
    {
        var floor = Lsn.Max(mark.DurableLsn, from);
        var scanner = new LogScanner(disk, catalog, geometry);
        foreach (var index in catalog.Indices.Reverse())
        {
            var first = geometry.FirstPosition(index);
            if (first <= floor)
                break;
            if (scanner.HasValidRecord(first))
                return first;
        }

        return floor;
    }

    /// <summary>No segment between the base and the last one may be missing, and the last one must hold the floor.</summary>
    public static void RequireSegments(SegmentCatalog catalog, Lsn logBase, Lsn floor, LogGeometry geometry)
    {
        var floorIndex = geometry.SegmentIndex(floor);
        var needed = floor > geometry.FirstPosition(floorIndex) && floor > logBase ? floorIndex : floorIndex - 1;
        var expected = geometry.SegmentIndex(logBase);
        foreach (var index in catalog.Indices)
        {
            if (index != expected)
                break;
            expected++;
        }

        var isGap = !catalog.IsEmpty && catalog.Indices[^1] >= expected;
        if (isGap || expected <= needed)
            throw Corrupt(catalog, geometry, geometry.FirstPosition(expected), "this segment is missing");
    }

    public static void RequireSound(in LogScan scan, Lsn floor, LogGeometry geometry, SegmentCatalog catalog)
    {
        if (scan.Stop == ScanStop.Unsupported)
        {
            throw new WalUnsupportedException(
                catalog.PathOf(geometry.SegmentIndex(scan.StopLsn)), geometry.SegmentOffset(scan.StopLsn), scan.StopLsn, scan.Reason);
        }

        if (scan.StopLsn < floor)
        {
            var reason = scan.Stop == ScanStop.Invalid ? scan.Reason : "no record stands here";
            throw Corrupt(catalog, geometry, scan.StopLsn, $"{reason}; the log was durable up to {floor}");
        }
    }
}
