using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>Small files that appear whole or not at all: temporary name, fsync, rename, fsync of the directory.</summary>
public static class AtomicFile
{
    /// <summary>Makes the file and its name durable, in the place of what was there.</summary>
    /// <exception cref="DiskException">A call failed; the old file is untouched, or the new one is in its place but perhaps not durable.</exception>
    public static void Write(IDisk disk, string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var temporary = path + ".tmp";
        using (var file = disk.Open(temporary, DiskOpenMode.Create))
        {
            file.Write(0, bytes);
            file.Sync();
        }

        disk.Rename(temporary, path);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
