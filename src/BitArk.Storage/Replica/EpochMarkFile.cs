using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>
/// The file <c>epoch.mark</c>: two slots 4 KiB apart. A raise writes and syncs one slot after the other, so at every
/// moment a whole one is there, and once it returned the rot of either slot forgets nothing.
/// </summary>
internal static class EpochMarkFile
{
    private const int SlotDistance = 4096;

    /// <summary>Creates the file with epoch 0, whole or not at all.</summary>
    public static void Create(PartitionDirectory directory, ClusterId cluster, IDisk disk)
    {
        var bytes = new byte[SlotDistance + EpochMark.Size];
        var mark = new EpochMark(cluster, directory.Partition, Epoch.None);
        mark.Write(bytes);
        mark.Write(bytes.AsSpan(SlotDistance));
        AtomicFile.Write(disk, directory.EpochMarkPath, bytes);
    }

    /// <summary>The highest epoch in a sound slot.</summary>
    /// <exception cref="ReplicaDamagedException">No slot is sound, or the file belongs to another replica.</exception>
    public static Epoch Read(PartitionDirectory directory, ClusterId cluster, IDisk disk)
    {
        using var file = disk.Open(directory.EpochMarkPath, DiskOpenMode.Read);
        Span<byte> bytes = stackalloc byte[EpochMark.Size];
        var highest = new Epoch(-1);
        var why = "";
        for (var slot = 0; slot < 2; slot++)
        {
            var length = file.Read(slot * SlotDistance, bytes);
            if (!EpochMark.TryRead(bytes[..length], out var mark, out var reason))
                why += $"{(slot == 0 ? "" : "; ")}slot {slot}: {reason}";
            else if (mark.ClusterId != cluster || mark.Partition != directory.Partition)
                throw new ReplicaDamagedException(directory, directory.EpochMarkPath, $"it belongs to partition {mark.Partition} of cluster {mark.ClusterId}, not to partition {directory.Partition} of cluster {cluster}");
            else if (mark.Highest > highest)
                highest = mark.Highest;
        }

        if (highest < Epoch.None)
            throw new ReplicaDamagedException(directory, directory.EpochMarkPath, $"no slot is readable ({why}), so the epochs this replica has promised are forgotten");
        return highest;
    }

    /// <summary>Makes <paramref name="epoch"/> durable: returned means that no restart can ever see a lower one.</summary>
    public static void Raise(PartitionDirectory directory, ClusterId cluster, Epoch epoch, IDisk disk)
    {
        using var file = disk.Open(directory.EpochMarkPath, DiskOpenMode.ReadWrite);
        Span<byte> bytes = stackalloc byte[EpochMark.Size];
        new EpochMark(cluster, directory.Partition, epoch).Write(bytes);
        for (var slot = 0; slot < 2; slot++)
        {
            file.Write(slot * SlotDistance, bytes);
            file.SyncData();
        }
    }
}
