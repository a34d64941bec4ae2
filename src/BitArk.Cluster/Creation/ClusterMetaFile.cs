using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Creation;

/// <summary>Reads and writes <c>cluster.meta</c> in a data directory; it exists whole or not at all.</summary>
internal static class ClusterMetaFile
{
    public const string Name = "cluster.meta";

    /// <summary>What the directory says; null while it says nothing.</summary>
    /// <exception cref="DataDirectoryException">The file is damaged.</exception>
    public static ClusterMeta? Read(DataDirectory layout, IDisk disk)
    {
        var path = PathIn(layout);
        if (!disk.FileExists(path))
            return null;

        using var file = disk.Open(path, DiskOpenMode.Read);
        var bytes = new byte[ClusterMeta.MaxSize + 1];
        var length = file.Read(0, bytes);
        if (ClusterMeta.NewerVersion(bytes.AsSpan(0, length)) is { } newer)
        {
            throw new DataDirectoryException(
                DataDirectoryProblem.NewerFormat,
                layout.Root,
                $"'{path}' needs a build that reads version {newer} of its format; this one reads up to {ClusterMeta.Version}. Nothing was changed: start the version that wrote it, or a newer one.");
        }

        if (!ClusterMeta.TryRead(bytes.AsSpan(0, length), out var meta, out var reason))
        {
            throw new DataDirectoryException(
                DataDirectoryProblem.MarkerDamaged,
                layout.Root,
                $"The layout '{path}' is damaged: {reason}. Restore it from a copy of this directory; it differs from the other nodes' only in how they came to it.");
        }

        // The rename that brought it may have been cut off from its directory sync by a crash.
        disk.SyncDirectory(layout.Root);
        return meta;
    }

    /// <summary>Makes <paramref name="meta"/> durable in the place of what was there.</summary>
    public static void Write(DataDirectory layout, ClusterMeta meta, IDisk disk)
    {
        var bytes = new byte[meta.Size];
        meta.Write(bytes);
        AtomicFile.Write(disk, PathIn(layout), bytes);
    }

    private static string PathIn(DataDirectory layout) => Path.Combine(layout.Root, Name);
}
