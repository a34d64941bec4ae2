using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>
/// Reads every durable byte of a replica whose node is stopped, and changes none. What it calls sound the node opens: the log by the
/// rules of recovery, and the snapshot that the log begins at, if it begins at one.
/// </summary>
public sealed class CopyInspection
{
    private readonly PartitionDirectory _directory;
    private readonly NodeMeta _meta;
    private readonly IDisk _disk;

    private CopyInspection(PartitionDirectory directory, NodeMeta meta, IDisk disk) => (_directory, _meta, _disk) = (directory, meta, disk);

    /// <summary>Looks at one replica.</summary>
    /// <param name="layout">The data directory, locked by the caller.</param>
    /// <param name="meta">Its marker.</param>
    /// <param name="partition">Which partition.</param>
    /// <param name="disk">The file system.</param>
    /// <exception cref="DiskException">A call failed in a way that says nothing of the files.</exception>
    public static CopyFinding Run(DataDirectory layout, NodeMeta meta, PartitionId partition, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(meta);
        ArgumentNullException.ThrowIfNull(disk);
        var inspection = new CopyInspection(layout.Partition(partition), meta, disk);
        try
        {
            return inspection.Look(layout);
        }
        catch (DiskException bad) when (bad.IsDeviceError)
        {
            // As bad as a flipped bit, and of this partition only.
            return inspection.Unusable($"its disk cannot read it: {bad.Message}");
        }
    }

    private CopyFinding Look(DataDirectory layout)
    {
        if (_directory.FindLogOrSnapshot(_disk) is null)
            return Unusable("nothing is in it: there is no copy here");
        if (_disk.FileExists(_directory.InstallIntentPath))
            return Unusable("a leader's snapshot is half installed: start the node, which completes that, and stop it again");

        var log = WalVerifier.Verify(_directory.WalPath, _directory.DurableMarkPath, _disk);
        if (EndOf(log) is not { } written)
            return Unusable(DescribeBadLog(log.Verdict));
        if (log.Log is not { } inventory)
            return Unusable("its log has no segment");
        if (inventory.Mark.CutIntent is not null)
            return Unusable("a cut that its leader had ordered is half done: start the node, which completes that, and stop it again");
        if (inventory.Cluster != _meta.ClusterId || inventory.Partition != _directory.Partition)
            return Unusable($"its log is of partition {inventory.Partition} of cluster {inventory.Cluster}");
        return WithSnapshots(layout, log, inventory, written);
    }

    private CopyFinding WithSnapshots(DataDirectory layout, WalReport log, WalInventory inventory, Lsn written)
    {
        var newest = Epoch.None;
        var logBase = inventory.Mark.LogBase;
        var isComplete = logBase == inventory.Geometry.Origin;
        foreach (var lsn in new SnapshotCatalog(_directory, _disk).List())
        {
            var path = _directory.SnapshotPath(lsn);
            if (lsn > written)
                return Unusable($"'{path}' was taken at {lsn}, but the log ends at {written}: durable log is missing");
            if (lsn < logBase)
                continue;
            try
            {
                SnapshotVerifier.Verify(_disk, path);
                newest = Epoch.Max(newest, SnapshotVerifier.ReadHeader(_disk, path).LastEpoch);
                isComplete = true;
                break;
            }
            catch (SnapshotInvalidException bad) when (bad.IsUnsupported)
            {
                return Unusable(bad.Message);
            }
            catch (SnapshotInvalidException)
            {
                // An older one, with the longer log behind it, is as good.
            }
            catch (DiskException bad) when (bad.IsDeviceError)
            {
                // So is it where a sector of this one cannot be read.
            }
        }

        if (!isComplete)
            return Unusable($"its log begins at {logBase}, and no snapshot from there on is sound");

        // The directory of a learner that has not got anything yet looks like this.
        var last = Epoch.Max(newest, log.LastEpoch);
        return last == Epoch.None
            ? Unusable("no record was ever written to it: there is nothing to make the truth")
            : Found(layout, log, inventory, written, last);
    }

    private CopyFinding Found(DataDirectory layout, WalReport log, WalInventory inventory, Lsn written, Epoch last)
    {
        var promised = EpochMarkFile.TryRead(_directory, _meta.ClusterId, _disk);
        var isRejoining = _disk.FileExists(_directory.RejoiningMarkPath);
        var accepted = TryReadAccepted();
        var state = _disk.FileExists(_directory.DamagedMarkPath) ? (CopyState)new CopyState.Suspect() : new CopyState.Sound();
        return new CopyFinding(_directory.Partition, state)
        {
            WrittenLsn = written,
            CommitLsn = Lsn.Min(inventory.Mark.CommitLsn, written),
            LastEpoch = last,
            HighestEpoch = Epoch.Max(Epoch.Max(last, promised?.Epoch ?? Epoch.None), accepted?.Epoch ?? Epoch.None),
            SegmentBytes = inventory.Geometry.SegmentBytes,
            IsRejoining = isRejoining,
            LostPromises = DescribeLostPromises(layout, promised, log.LastEpoch, isRejoining),
            Accepted = accepted,
        };
    }

    private string DescribeLostPromises(DataDirectory layout, EpochPromise? promised, Epoch logEpoch, bool isRejoining)
    {
        if (promised is null)
            return $"'{_directory.EpochMarkPath}' is missing or unreadable";
        if (promised.Epoch < logEpoch)
            return $"'{_directory.EpochMarkPath}' knows epochs up to {promised.Epoch}, but the log has reached {logEpoch}";
        return !isRejoining && _disk.FileExists(_directory.GuardMarkPath) && !_disk.FileExists(layout.GuardJournalPath)
            ? $"'{layout.GuardJournalPath}' is missing"
            : "";
    }

    // One that cannot be read is written anew.
    private AcceptedLoss? TryReadAccepted()
    {
        try
        {
            return AcceptedLossFile.Read(_directory, _meta.ClusterId, _disk);
        }
        catch (ReplicaDamagedException)
        {
            return null;
        }
    }

    private static Lsn? EndOf(WalReport log) => log.Verdict switch
    {
        WalVerdict.Sound sound => sound.End,
        WalVerdict.TornTail torn => torn.End,
        _ => null,
    };

    private static string DescribeBadLog(WalVerdict verdict) => verdict switch
    {
        WalVerdict.Damaged damaged => $"its log is damaged at {damaged.Lsn} ('{damaged.FilePath}', offset 0x{damaged.Offset:X}): {damaged.Reason}. What follows cannot be read, and what would be lost by leaving it out cannot be told: take another node's copy, or restore this directory from a backup",
        WalVerdict.Unsupported newer => $"its log was written by a newer build at {newer.Lsn} ('{newer.FilePath}', offset 0x{newer.Offset:X}): {newer.Reason}",
        _ => "it has no log",
    };

    private CopyFinding Unusable(string reason) => new(_directory.Partition, new CopyState.Unusable(reason));
}
