using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>Small files that appear whole or not at all: temporary name, fsync, rename, fsync of the directory.</summary>
internal static class AtomicFile
{
    public static void Write(IDisk disk, string path, ReadOnlySpan<byte> bytes)
    {
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
