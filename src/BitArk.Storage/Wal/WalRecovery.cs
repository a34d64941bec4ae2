using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>
/// Brings a log back after any stop. The order matters: everything is looked at before anything is changed, so a log that
/// must be refused is left as it was found; and every change can be repeated after a crash in the middle of it.
/// </summary>
internal sealed partial class WalRecovery(WalOptions options, IDisk disk, IWalRecoveryObserver observer)
{
    private readonly LogGeometry _geometry = options.Geometry;

    /// <summary>What recovery hands to the log.</summary>
    public sealed record Outcome(DurableMarkFile Mark, IReadOnlyList<long> Segments, Lsn End, Epoch LastEpoch);

    public Outcome Run(Lsn from, Epoch epoch, IWalRecordVisitor visitor)
    {
        var catalog = SegmentCatalog.Read(disk, options.Directory, options.ClusterId, options.Partition, _geometry);
        var mark = OpenOrCreateMark(catalog);
        try
        {
            var start = from == Lsn.Zero ? mark.State.LogBase : from;
            LogChecks.RequireCheckpointInside(start, mark.State, _geometry, catalog);
            // What a failed sync left may be in the page cache only: nothing is deleted on the word of a mark that the disk does not have.
            if (NeedsTidying(catalog, mark.State))
                mark.Update(before => before, bothSlots: true);
            catalog = Tidy(catalog, mark);

            var floor = LogChecks.FindFloor(disk, catalog, mark.State, start, _geometry);
            LogChecks.RequireSegments(catalog, mark.State.LogBase, floor, _geometry);
            var scan = Scan(catalog, mark.State.DurableLsn, start, epoch, floor, visitor);
            LogChecks.RequireSound(scan, floor, _geometry, catalog);

            Rewrite(catalog, mark.State.DurableLsn, scan.End);
            CutTornTail(catalog, scan);
            catalog = RemoveSurplus(catalog, scan.End);
            mark.Update(before => before with { DurableLsn = scan.End }, bothSlots: true);
            return new Outcome(mark, catalog.Indices, scan.End, scan.LastEpoch);
        }
        catch
        {
            mark.Dispose();
            throw;
        }
    }

    private DurableMarkFile OpenOrCreateMark(SegmentCatalog catalog)
    {
        if (disk.FileExists(options.DurableMarkPath))
        {
            SyncNames(catalog);
            return DurableMarkFile.Open(options.DurableMarkPath, disk, options.ClusterId, options.Partition);
        }

        // The mark is created before the first segment, so segments without it mean that it was lost.
        if (!catalog.IsEmpty || options.MustExist)
            throw new WalCorruptException(options.DurableMarkPath, 0, Lsn.Zero, "the durable mark is missing although data existed");

        DurableDirectory.Create(disk, options.Directory);
        DurableDirectory.Create(disk, Path.GetDirectoryName(options.DurableMarkPath)!);
        var origin = _geometry.Origin;
        return DurableMarkFile.Create(
            options.DurableMarkPath, disk, options.ClusterId, options.Partition, new DurableMarkState(origin, origin, origin));
    }

    // A kill may have come between a rename and the sync of its directory: what is found here is in use from now on, and a
    // power cut must not take a segment or the mark away from under what will be acknowledged.
    private void SyncNames(SegmentCatalog catalog)
    {
        disk.SyncDirectory(Path.GetDirectoryName(options.DurableMarkPath)!);
        if (!catalog.IsEmpty)
            disk.SyncDirectory(options.Directory);
    }

    private LogScan Scan(SegmentCatalog catalog, Lsn durable, Lsn from, Epoch epoch, Lsn floor, IWalRecordVisitor visitor)
    {
        // From the mark on, even if the checkpoint is later: those bytes may exist in the page cache only, and are
        // rewritten below, which must never be done to bytes that were not checked.
        var start = Lsn.Min(durable, from);
        var total = Math.Max(1, floor.BytesSince(start));
        var scanner = new LogScanner(disk, catalog, _geometry)
        {
            OnBuffer = at => observer.Progress(Math.Min(at.BytesSince(start), total), total),
        };
        var scan = scanner.Scan(start, start < from ? Epoch.None : epoch, new BoundaryVisitor(visitor, from, durable, _geometry, catalog));
        observer.Progress(total, total);
        return scan with { LastEpoch = scan.LastEpoch < epoch ? epoch : scan.LastEpoch };
    }
}
