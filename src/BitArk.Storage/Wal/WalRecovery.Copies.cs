using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

// What a torn tail held is set aside before it is zeroed, for whoever wants to know what was lost.
internal sealed partial class WalRecovery
{
    private const int KeptCopies = 4;

    private string? TryKeepCopy(LogTail tail)
    {
        var path = Path.Combine(options.Directory, WalFileNames.Broken(tail.Lsn));
        var temporary = path + WalFileNames.TemporarySuffix;
        // An interrupted recovery kept the copy already and zeroed part of the original: the first copy is the better one.
        if (IsKept(tail, path))
            return path;
        try
        {
            WriteCopy(tail, temporary);
        }
        catch (DiskException full) when (full.IsDiskFull)
        {
            // Those bytes were never acknowledged; a full disk must not keep the node from starting.
            disk.Delete(temporary);
            return null;
        }

        disk.Rename(temporary, path);
        RemoveOldCopies();
        disk.SyncDirectory(options.Directory);
        return path;
    }

    // Zeroing goes in any order of sectors when the power fails in it, so each byte is still what it was or is zero by now.
    // Anything else is another tail that came to stand in the same place.
    private bool IsKept(LogTail tail, string path)
    {
        if (!disk.FileExists(path))
            return false;
        using var copy = disk.Open(path, DiskOpenMode.Read);
        if (copy.Length < tail.Bytes)
            return false;
        using var source = disk.Open(tail.Path, DiskOpenMode.Read);
        var (now, then) = (new byte[(int)Math.Min(ChunkBytes, tail.Bytes)], new byte[(int)Math.Min(ChunkBytes, tail.Bytes)]);
        for (long at = 0; at < tail.Bytes; at += now.Length)
        {
            var part = (int)Math.Min(now.Length, tail.Bytes - at);
            if (source.Read(tail.Offset + at, now.AsSpan(0, part)) != part || copy.Read(at, then.AsSpan(0, part)) != part)
                return false;
            for (var i = 0; i < part; i++)
            {
                if (now[i] != 0 && now[i] != then[i])
                    return false;
            }
        }

        return true;
    }

    private void WriteCopy(LogTail tail, string path)
    {
        var chunk = new byte[(int)Math.Min(ChunkBytes, tail.Bytes)];
        using var source = disk.Open(tail.Path, DiskOpenMode.Read);
        using var target = disk.Open(path, DiskOpenMode.Create);
        for (long at = 0; at < tail.Bytes; at += chunk.Length)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, tail.Bytes - at));
            target.Write(at, part[..source.Read(tail.Offset + at, part)]);
        }

        target.Sync();
    }

    private void RemoveOldCopies()
    {
        var copies = disk.ListFiles(options.Directory).Where(WalFileNames.IsBroken).ToList();
        foreach (var name in copies.Take(Math.Max(0, copies.Count - KeptCopies)))
            disk.Delete(Path.Combine(options.Directory, name));
    }
}
