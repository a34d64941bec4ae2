using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>Reads and writes <c>accepted.loss</c>; it exists whole or not at all.</summary>
internal static class AcceptedLossFile
{
    /// <summary>What it says; null when there is none.</summary>
    /// <exception cref="ReplicaDamagedException">It is unreadable, of a newer version, or another replica's.</exception>
    public static AcceptedLoss? Read(PartitionDirectory directory, ClusterId cluster, IDisk disk)
    {
        var path = directory.AcceptedLossPath;
        if (!disk.FileExists(path))
            return null;
        using var file = disk.Open(path, DiskOpenMode.Read);
        var bytes = new byte[Math.Min(file.Length, AcceptedLoss.MaxSize + 1)];
        if (!AcceptedLoss.TryRead(bytes.AsSpan(0, file.Read(0, bytes)), out var loss, out var reason))
            throw new ReplicaDamagedException(directory, path, $"{reason}; whether this copy is the one that counts is unknown, so 'bitark recover' has to be run again");
        if (loss.Cluster != cluster || loss.Partition != directory.Partition)
            throw new ReplicaDamagedException(directory, path, $"it belongs to partition {loss.Partition} of cluster {loss.Cluster}");
        return loss;
    }

    /// <summary>Makes it durable, in the place of what was there.</summary>
    public static void Write(PartitionDirectory directory, AcceptedLoss loss, IDisk disk) => AtomicFile.Write(disk, directory.AcceptedLossPath, loss.Write());

    /// <summary>Removes it, durably.</summary>
    public static void Remove(PartitionDirectory directory, IDisk disk)
    {
        if (!disk.FileExists(directory.AcceptedLossPath))
            return;
        disk.Delete(directory.AcceptedLossPath);
        disk.SyncDirectory(directory.Root);
    }
}
