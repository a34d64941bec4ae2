using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Storage.Snapshots;

/// <summary>The snapshot files of one replica: which there are, which are kept, and the removal of the rest. One thread at a time.</summary>
internal sealed class SnapshotCatalog(PartitionDirectory directory, IDisk disk)
{
    /// <summary>Positions of the complete files, newest first.</summary>
    public IReadOnlyList<Lsn> List()
    {
        var found = new List<Lsn>();
        foreach (var name in disk.ListFiles(directory.SnapshotsPath))
        {
            if (SnapshotFileNames.TryParse(name, out var lsn))
                found.Add(lsn);
        }

        found.Sort((a, b) => b.CompareTo(a));
        return found;
    }

    /// <summary>Removes what an interrupted writer left behind.</summary>
    public void RemoveTemporaries() => Remove(name => name.EndsWith(SnapshotFileNames.TemporarySuffix, StringComparison.Ordinal));

    /// <summary>Removes every snapshot that is not among <paramref name="kept"/>; returns how many.</summary>
    public int RemoveAllBut(IReadOnlyList<Lsn> kept) => Remove(name => SnapshotFileNames.TryParse(name, out var lsn) && !kept.Contains(lsn));

    /// <summary>Removes what arrived of snapshots from elsewhere.</summary>
    public void RemoveReceived() => Remove(name =>
        name.EndsWith(SnapshotFileNames.PartSuffix, StringComparison.Ordinal)
        || name.EndsWith(SnapshotFileNames.PartProgressSuffix, StringComparison.Ordinal)
        || name.EndsWith(SnapshotFileNames.ReceivedSuffix, StringComparison.Ordinal));

    /// <summary>Removes everything but one snapshot's file.</summary>
    public void RemoveAllFilesBut(Lsn lsn) => Remove(name => name != Path.GetFileName(directory.SnapshotPath(lsn)));

    /// <summary>Removes one snapshot.</summary>
    public void Remove(Lsn lsn)
    {
        disk.Delete(directory.SnapshotPath(lsn));
        disk.SyncDirectory(directory.SnapshotsPath);
    }

    /// <summary>Takes a snapshot that failed verification out of the way, so that it never counts as kept; at most one such file stays.</summary>
    public void SetAside(Lsn lsn)
    {
        Remove(name => name.EndsWith(SnapshotFileNames.RejectedSuffix, StringComparison.Ordinal));
        var path = directory.SnapshotPath(lsn);
        disk.Rename(path, path + SnapshotFileNames.RejectedSuffix);
        disk.SyncDirectory(directory.SnapshotsPath);
    }

    private int Remove(Func<string, bool> which)
    {
        var removed = 0;
        foreach (var name in disk.ListFiles(directory.SnapshotsPath))
        {
            if (!which(name))
                continue;
            disk.Delete(Path.Combine(directory.SnapshotsPath, name));
            removed++;
        }

        if (removed > 0)
            disk.SyncDirectory(directory.SnapshotsPath);
        return removed;
    }
}
