using BitArk.Storage.Disk;

namespace BitArk.Storage.Snapshots;

// A file that was sound when it was written, and may not be any more. Any thread; one at a time.
public sealed partial class SnapshotStore
{
    private readonly HashSet<Lsn> _bad = [];

    /// <summary>Whether a snapshot was found to be bad since it was written; it can be pinned and read no more.</summary>
    public bool IsBad(Lsn lsn)
    {
        lock (_gate)
            return _bad.Contains(lsn);
    }

    /// <summary>
    /// Reads a snapshot again, every byte. A bad one is set aside and counts as kept no more, so that the log is kept for the older
    /// one; when it was the newest, the older one is read as well, and is the newest from then on if it is sound.
    /// </summary>
    /// <param name="lsn">A kept or pinned snapshot; any other is nothing.</param>
    /// <returns>What is wrong with it; null when it is sound.</returns>
    /// <exception cref="DiskException">The disk failed in a way that says nothing of the file, or the bad one could not be set aside.</exception>
    public string? VerifyAgain(Lsn lsn)
    {
        if (FindRot(lsn, out _) is not { } reason)
            return null;

        SetAside(lsn);
        while (_newest is null && _kept is [var older, ..])
        {
            if (FindRot(older, out var info) is null)
                PromoteTo(older, info);
            else
                SetAside(older);
        }

        return reason;
    }

    // A sector that cannot be read is as bad as one that reads wrong, and so is no file; any other failure may be gone the next time.
    private string? FindRot(Lsn lsn, out SnapshotInfo? info)
    {
        info = null;
        lock (_gate)
        {
            if (_bad.Contains(lsn) || (!_kept.Contains(lsn) && !_pinned.Contains(lsn)))
                return null;
        }

        try
        {
            info = SnapshotVerifier.Verify(_disk, _directory.SnapshotPath(lsn));
            return null;
        }
        catch (SnapshotInvalidException bad)
        {
            return bad.Message;
        }
        catch (DiskException bad) when (bad.IsDeviceError || bad.IsMissing)
        {
            return bad.Message;
        }
    }

    private void SetAside(Lsn lsn)
    {
        lock (_gate)
        {
            _bad.Add(lsn);
            _kept = [.. _kept.Where(kept => kept != lsn)];
            if (_newest?.Lsn == lsn)
                _newest = null;
            if (_disk.FileExists(_directory.SnapshotPath(lsn)))
                _catalog.SetAside(lsn);
        }
    }

    // One that was written meanwhile is newer.
    private void PromoteTo(Lsn lsn, SnapshotInfo? info)
    {
        lock (_gate)
        {
            if (_newest is null && _kept.Contains(lsn))
                _newest = info;
        }
    }
}
