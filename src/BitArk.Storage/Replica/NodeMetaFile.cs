using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>Reads and creates the marker file; it exists whole or not at all.</summary>
internal static class NodeMetaFile
{
    public static NodeMeta Read(DataDirectory layout, IDisk disk)
    {
        using var file = disk.Open(layout.NodeMetaPath, DiskOpenMode.Read);
        Span<byte> bytes = stackalloc byte[NodeMeta.MaxSize + 1];
        var length = file.Read(0, bytes);
        if (NodeMeta.TryRead(bytes[..length], out var meta, out var reason))
            return meta!;
        if (NodeMeta.NewerVersion(bytes[..length]) is { } newer)
            throw FormatScreen.Newer(layout, layout.NodeMetaPath, newer, NodeMeta.Version);
        throw new DataDirectoryException(
            DataDirectoryProblem.MarkerDamaged,
            layout.Root,
            $"The marker '{layout.NodeMetaPath}' is damaged: {reason}. Restore it from a copy of this directory; the data beside it is untouched.");
    }

    public static void Create(DataDirectory layout, NodeMeta meta, IDisk disk)
    {
        Span<byte> bytes = stackalloc byte[NodeMeta.MaxSize];
        AtomicFile.Write(disk, layout.NodeMetaPath, bytes[..meta.Write(bytes)]);
    }
}
