using System.Buffers.Binary;
using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>
/// The first look into a data directory: whether a newer build has written a file there that this one does not know. Before anything is opened,
/// because of several partitions one may be refused when another has begun already: a directory that is refused by its version is
/// left as it was, every byte. What is unreadable for another reason is not this look's matter.
/// </summary>
internal static class FormatScreen
{
    private const int SlotDistance = 4096;
    private const int SlotCount = 2;

    /// <summary>Looks at all replicas.</summary>
    /// <exception cref="DataDirectoryException">A file is of a newer format; its name and version are in the message.</exception>
    public static void Require(DataDirectory layout, int partitions, IDisk disk)
    {
        for (var i = 0; i < partitions; i++)
        {
            var replica = layout.Partition(new PartitionId(i));
            if (!disk.DirectoryExists(replica.Root))
                continue;
            RequireMarks(layout, replica, disk);
            foreach (var name in disk.ListFiles(replica.WalPath).Where(name => name.EndsWith(".wal", StringComparison.Ordinal)))
                RequireSegment(layout, Path.Combine(replica.WalPath, name), disk);
            foreach (var lsn in new SnapshotCatalog(replica, disk).List())
                RequireSnapshot(layout, replica.SnapshotPath(lsn), disk);
        }
    }

    /// <summary>What is said of such a file.</summary>
    public static DataDirectoryException Newer(DataDirectory layout, string path, int needed, int known) => new(
        DataDirectoryProblem.NewerFormat,
        layout.Root,
        $"'{path}' needs a build that reads version {needed} of its format; this one reads up to {known}. Nothing was changed: start the version that wrote it, or a newer one.");

    private static void RequireMarks(DataDirectory layout, PartitionDirectory replica, IDisk disk)
    {
        for (var slot = 0; slot < SlotCount; slot++)
        {
            var bytes = Read(replica.DurableMarkPath, slot * SlotDistance, DurableMarkSlot.Size, disk);
            DurableMarkSlot.TryRead(bytes, out _, out var tooNew, out _);
            if (tooNew)
                throw Newer(layout, replica.DurableMarkPath, VersionAt(bytes, 10), WalVersions.Format);
        }

        if (EpochMarkFile.NewerVersion(replica, disk) is { } epochMark)
            throw Newer(layout, replica.EpochMarkPath, epochMark, EpochMark.NewestVersion);
        var intent = Read(replica.InstallIntentPath, 0, InstallIntent.Size, disk);
        if (InstallIntent.IsNewer(intent))
            throw Newer(layout, replica.InstallIntentPath, VersionAt(intent, 10), InstallIntent.Version);
        var loss = Read(replica.AcceptedLossPath, 0, AcceptedLoss.MaxSize, disk);
        if (AcceptedLoss.IsNewer(loss))
            throw Newer(layout, replica.AcceptedLossPath, VersionAt(loss, 10), AcceptedLoss.Version);
    }

    private static void RequireSegment(DataDirectory layout, string path, IDisk disk)
    {
        if (SegmentHeader.TryRead(Read(path, 0, SegmentHeader.Size, disk), out var header, out _) && header.MinCompatibleVersion > WalVersions.Format)
            throw Newer(layout, path, header.MinCompatibleVersion, WalVersions.Format);
    }

    private static void RequireSnapshot(DataDirectory layout, string path, IDisk disk)
    {
        var bytes = Read(path, 0, SnapshotHeader.Size, disk);
        if (bytes.Length == SnapshotHeader.Size && SnapshotHeader.IsUnsupported(bytes))
            throw Newer(layout, path, VersionAt(bytes, 10), SnapshotHeader.CurrentVersion);
    }

    private static int VersionAt(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static ReadOnlySpan<byte> Read(string path, long offset, int atMost, IDisk disk)
    {
        try
        {
            if (!disk.FileExists(path))
                return default;
            using var file = disk.Open(path, DiskOpenMode.Read);
            var bytes = new byte[Math.Clamp(file.Length - offset, 0, atMost)];
            return bytes.AsSpan(0, file.Read(offset, bytes));
        }
        catch (DiskException)
        {
            // The opening says what that means.
            return default;
        }
    }
}
