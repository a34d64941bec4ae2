using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>
/// The file <c>epoch.mark</c>: two slots 4 KiB apart. A promise writes and syncs one slot after the other, so at every
/// moment a whole one is there, and once it returned the rot of either slot forgets nothing.
/// </summary>
internal static class EpochMarkFile
{
    private const int SlotDistance = 4096;
    private const int SlotCount = 2;

    /// <summary>Creates the file with a promise in both slots, whole or not at all; one that is there is replaced.</summary>
    public static void Create(PartitionDirectory directory, ClusterId cluster, IDisk disk, EpochPromise? promise = null)
    {
        promise ??= EpochPromise.None;
        var mark = new EpochMark(cluster, directory.Partition, promise.Epoch, promise.Proposer);
        var bytes = new byte[SlotDistance + mark.Size];
        mark.Write(bytes);
        mark.Write(bytes.AsSpan(SlotDistance));
        AtomicFile.Write(disk, directory.EpochMarkPath, bytes);
    }

    /// <summary>The highest promise in a sound slot; of two for one epoch, the one that was spent by leading it.</summary>
    /// <param name="directory">The replica.</param>
    /// <param name="cluster">Whose it must be; null: a tool does not know, and takes any.</param>
    /// <param name="disk">The file system.</param>
    /// <exception cref="ReplicaDamagedException">No slot is sound, or the file belongs to another replica.</exception>
    public static EpochPromise Read(PartitionDirectory directory, ClusterId? cluster, IDisk disk)
    {
        using var file = disk.Open(directory.EpochMarkPath, DiskOpenMode.Read);
        Span<byte> bytes = stackalloc byte[EpochMark.MaxSize];
        EpochPromise? highest = null;
        var why = "";
        for (var slot = 0; slot < SlotCount; slot++)
        {
            var length = file.Read(slot * SlotDistance, bytes);
            if (!EpochMark.TryRead(bytes[..length], out var mark, out var reason))
                why += $"{(slot == 0 ? "" : "; ")}slot {slot}: {reason}";
            else if (cluster is { } whose && (mark.ClusterId != whose || mark.Partition != directory.Partition))
                throw new ReplicaDamagedException(directory, directory.EpochMarkPath, $"it belongs to partition {mark.Partition} of cluster {mark.ClusterId}, not to partition {directory.Partition} of cluster {cluster}");
            else if (highest is null || mark.Highest > highest.Epoch || (mark.Highest == highest.Epoch && mark.Proposer == Guid.Empty))
                highest = new EpochPromise(mark.Highest, mark.Proposer);
        }

        return highest ?? throw new ReplicaDamagedException(directory, directory.EpochMarkPath, $"no slot is readable ({why}), so the epochs this replica has promised are forgotten");
    }

    /// <summary>
    /// Which version the file has that only a newer build reads; null when it is not such a one. With one slot readable it is not: there a bit of the other may
    /// have rotted, and a newer build writes both.
    /// </summary>
    public static int? NewerVersion(PartitionDirectory directory, IDisk disk)
    {
        try
        {
            if (!disk.FileExists(directory.EpochMarkPath))
                return null;
            using var file = disk.Open(directory.EpochMarkPath, DiskOpenMode.Read);
            Span<byte> bytes = stackalloc byte[EpochMark.MaxSize];
            int? newer = null;
            for (var slot = 0; slot < SlotCount; slot++)
            {
                var read = bytes[..file.Read(slot * SlotDistance, bytes)];
                if (EpochMark.TryRead(read, out _, out _))
                    return null;
                newer ??= EpochMark.NewerVersion(read);
            }

            return newer;
        }
        catch (DiskException)
        {
            // The opening says what that means.
            return null;
        }
    }

    /// <summary>As <see cref="Read"/>; null where the file is missing, unreadable, or another replica's.</summary>
    /// <exception cref="DiskException">The disk failed in a way that says nothing of the file.</exception>
    public static EpochPromise? TryRead(PartitionDirectory directory, ClusterId cluster, IDisk disk)
    {
        try
        {
            return Read(directory, cluster, disk);
        }
        catch (ReplicaDamagedException)
        {
            return null;
        }
        catch (DiskException bad) when (bad.IsMissing || bad.IsDeviceError)
        {
            return null;
        }
    }

    /// <summary>Makes a promise durable: returned means that no restart can ever see a lower one.</summary>
    public static void Raise(PartitionDirectory directory, ClusterId cluster, EpochPromise promise, IDisk disk)
    {
        using var file = disk.Open(directory.EpochMarkPath, DiskOpenMode.ReadWrite);
        Span<byte> bytes = stackalloc byte[EpochMark.MaxSize];
        var length = new EpochMark(cluster, directory.Partition, promise.Epoch, promise.Proposer).Write(bytes);
        for (var slot = 0; slot < SlotCount; slot++)
        {
            file.Write(slot * SlotDistance, bytes[..length]);
            file.SyncData();
        }
    }
}
