using System.Globalization;
using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;

namespace BitArk.Storage.Replica;

/// <summary>Names every file of one partition's replica.</summary>
/// <param name="Root">The path of the partition's directory.</param>
/// <param name="Partition">Which partition.</param>
public sealed record PartitionDirectory(string Root, PartitionId Partition)
{
    /// <summary>The extension of a complete snapshot.</summary>
    internal const string SnapshotExtension = ".snap";

    /// <summary>The log's segments.</summary>
    public string WalPath => Path.Combine(Root, "wal");

    /// <summary>How far the log is known to be durable.</summary>
    public string DurableMarkPath => Path.Combine(Root, "durable.mark");

    /// <summary>The highest epoch this replica has promised or led.</summary>
    public string EpochMarkPath => Path.Combine(Root, "epoch.mark");

    /// <summary>That promises of this replica are in the guards' journal, so that one without them has lost them. Whatever is in it.</summary>
    public string GuardMarkPath => Path.Combine(Root, "guard.mark");

    /// <summary>That a snapshot received from another replica is being put in the place of everything here.</summary>
    public string InstallIntentPath => Path.Combine(Root, "install.intent");

    /// <summary>The followers that a leader no longer keeps its log for.</summary>
    public string OutdatedPath => Path.Combine(Root, "outdated");

    /// <summary>That this replica was repaired and has less than it once acknowledged: it has no vote while the file is there, whatever is in it.</summary>
    public string RejoiningMarkPath => Path.Combine(Root, "rejoining.mark");

    /// <summary>That durable bytes of this replica were found to be bad while it ran: it is damaged while the file is there, whatever is in it and however well the log reads.</summary>
    public string DamagedMarkPath => Path.Combine(Root, "damaged.mark");

    /// <summary>That an operator has accepted the loss of the other copies, and not enough of those vote again yet.</summary>
    public string AcceptedLossPath => Path.Combine(Root, "accepted.loss");

    /// <summary>The snapshots.</summary>
    public string SnapshotsPath => Path.Combine(Root, "snapshots");

    /// <summary>The snapshot of the state at <paramref name="lsn"/>.</summary>
    public string SnapshotPath(Lsn lsn) =>
        Path.Combine(SnapshotsPath, lsn.Value.ToString("x16", CultureInfo.InvariantCulture) + SnapshotExtension);

    /// <summary>A snapshot while it arrives from another replica.</summary>
    internal string PartPath(Lsn lsn) => SnapshotPath(lsn) + SnapshotFileNames.PartSuffix;

    /// <summary>How much of it is durable.</summary>
    internal string PartProgressPath(Lsn lsn) => SnapshotPath(lsn) + SnapshotFileNames.PartProgressSuffix;

    /// <summary>A snapshot that has arrived whole and was found sound, not in its place yet.</summary>
    internal string ReceivedPath(Lsn lsn) => SnapshotPath(lsn) + SnapshotFileNames.ReceivedSuffix;

    /// <summary>Makes sure that the directories exist, durably.</summary>
    internal void Create(IDisk disk)
    {
        foreach (var directory in (ReadOnlySpan<string>)[Root, WalPath, SnapshotsPath])
            DurableDirectory.Create(disk, directory);
    }

    /// <summary>
    /// Makes every entry that is seen durable. A process that was killed between a rename and the sync behind it left a file
    /// that is there and that a power cut still takes away, with everything written to it since.
    /// </summary>
    internal void Settle(IDisk disk)
    {
        foreach (var directory in (ReadOnlySpan<string>)[Root, WalPath, SnapshotsPath])
            disk.SyncDirectory(directory);
    }

    /// <summary>The first file found that only a replica with a history can have, or null.</summary>
    internal string? FindLogOrSnapshot(IDisk disk)
    {
        if (disk.FileExists(DurableMarkPath))
            return DurableMarkPath;
        foreach (var directory in (ReadOnlySpan<string>)[WalPath, SnapshotsPath])
        {
            if (disk.ListFiles(directory) is [var first, ..])
                return Path.Combine(directory, first);
        }

        return null;
    }
}
