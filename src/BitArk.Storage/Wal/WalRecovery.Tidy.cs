namespace BitArk.Storage.Wal;

internal sealed partial class WalRecovery
{
    private bool NeedsTidying(SegmentCatalog catalog, DurableMarkState mark) =>
        mark.CutIntent is not null || catalog.Indices.Any(index => index < _geometry.SegmentIndex(mark.LogBase));

    private SegmentCatalog Tidy(SegmentCatalog catalog, DurableMarkFile mark)
    {
        RemoveTemporaries();
        catalog = RemoveResurrected(catalog, mark.State.LogBase);
        return mark.State.CutIntent is { } cut ? FinishCut(catalog, mark, cut) : catalog;
    }

    private void RemoveTemporaries()
    {
        var temporaries = disk.ListFiles(options.Directory).Where(WalFileNames.IsTemporary).ToList();
        foreach (var name in temporaries)
        {
            disk.Delete(Path.Combine(options.Directory, name));
            observer.Tidied($"removed {name}, left over from an interrupted run");
        }

        if (temporaries.Count > 0)
            disk.SyncDirectory(options.Directory);
    }

    // The headers said which they are; a segment below the base was deleted before and brought back by a power cut.
    private SegmentCatalog RemoveResurrected(SegmentCatalog catalog, Lsn logBase)
    {
        var first = _geometry.SegmentIndex(logBase);
        var rest = catalog.Without(index => index < first);
        foreach (var index in catalog.Indices.Where(index => index < first))
        {
            disk.Delete(catalog.PathOf(index));
            observer.Tidied($"removed segment {index}, which lies below the log's base {logBase}");
        }

        if (rest.Indices.Count < catalog.Indices.Count)
            disk.SyncDirectory(options.Directory);
        return rest;
    }

    private SegmentCatalog FinishCut(SegmentCatalog catalog, DurableMarkFile mark, Lsn cut)
    {
        LogCut.Execute(disk, options.Directory, _geometry, catalog.Indices, cut);
        mark.Update(before => before with { CutIntent = null }, bothSlots: true);
        observer.Tidied($"finished cutting the log at {cut}");
        var last = _geometry.SegmentIndex(cut);
        return catalog.Without(index => index > last);
    }

    // At most one empty segment is kept ready behind the end; it is zeroed by now, whatever it held.
    private SegmentCatalog RemoveSurplus(SegmentCatalog catalog, Lsn end)
    {
        var spare = _geometry.SegmentIndex(end) + 1;
        foreach (var index in catalog.Indices.Where(index => index > spare).OrderDescending())
        {
            disk.Delete(catalog.PathOf(index));
            disk.SyncDirectory(options.Directory);
        }

        return catalog.Without(index => index > spare);
    }
}
