using BitArk.Storage.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>
/// What the small files beside a log say of a replica, and for which of them the next start would refuse it however well the log reads.
/// For tools: nothing is changed. Of a running node they are what they were at the moment of the look.
/// </summary>
/// <param name="Promised">The highest epoch promised or led, and to whom; null when <c>epoch.mark</c> is missing or unreadable.</param>
/// <param name="Installing">The snapshot that is taking the place of everything here: the next start completes that, and what the log says does not count. Null: none is.</param>
/// <param name="IsGuarded">Promises are in the node's journal, too.</param>
/// <param name="IsRejoining">It has no vote until it has caught up.</param>
/// <param name="Damage">Why the next start refuses this replica, or waits for its repair; each names the file.</param>
public sealed record ReplicaMarks(EpochPromise? Promised, Lsn? Installing, bool IsGuarded, bool IsRejoining, IReadOnlyList<string> Damage)
{
    /// <summary>An operator has accepted the loss of the other copies, and not enough of those vote again yet; null: as ever.</summary>
    public AcceptedLoss? AcceptedLoss { get; private init; }

    /// <summary>Reads them by the rules of <see cref="ReplicaStore.Open"/>.</summary>
    /// <param name="directory">The replica.</param>
    /// <param name="node">The data directory it is in; null when it is a copy of the replica alone.</param>
    /// <param name="log">What a verification of the whole log has found.</param>
    /// <param name="disk">The file system.</param>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static ReplicaMarks Read(PartitionDirectory directory, DataDirectory? node, WalReport log, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(disk);
        var damage = new List<string>();
        var whose = log.Log is { } known ? directory with { Partition = known.Partition } : directory;
        var installing = ReadInstall(whose, log.Log?.Cluster, disk, damage);
        var promised = ReadPromise(whose, log.Log?.Cluster, disk, damage);
        var marks = new ReplicaMarks(promised, installing, disk.FileExists(directory.GuardMarkPath), disk.FileExists(directory.RejoiningMarkPath), damage)
        {
            AcceptedLoss = ReadAcceptedLoss(whose, log.Log?.Cluster, disk, damage),
        };

        // A completed install takes this mark away, and replaces the log.
        if (installing is null && disk.FileExists(directory.DamagedMarkPath))
            damage.Add($"{directory.DamagedMarkPath}: an earlier run found that bytes of this replica are bad, and said in its log which; only a full sync helps");
        if (installing is null && promised is not null)
            CompareWithLog(directory, promised, log, disk, damage);
        if (marks is { IsGuarded: true, IsRejoining: false, AcceptedLoss: null } && node is not null && !disk.FileExists(node.GuardJournalPath))
            damage.Add($"{directory.GuardMarkPath}: promises of this replica are in '{node.GuardJournalPath}', which is missing");
        return marks;
    }

    private static AcceptedLoss? ReadAcceptedLoss(PartitionDirectory directory, ClusterId? cluster, IDisk disk, List<string> damage)
    {
        if (cluster is not { } whose)
            return null;
        try
        {
            return AcceptedLossFile.Read(directory, whose, disk);
        }
        catch (ReplicaDamagedException bad)
        {
            damage.Add($"{bad.FilePath}: {bad.Reason}");
            return null;
        }
    }

    private static void CompareWithLog(PartitionDirectory directory, EpochPromise promised, WalReport log, IDisk disk, List<string> damage)
    {
        if (promised.Epoch < log.LastEpoch)
            damage.Add($"{directory.EpochMarkPath}: it knows epochs up to {promised.Epoch}, but the log has reached {log.LastEpoch}, so it is not this log's");
        if (promised.Epoch > Epoch.None && !ReplicaStore.HasSegments(directory, disk))
            damage.Add($"{directory.WalPath}: no segment of the log is left, although epoch {promised.Epoch} was promised or begun");
    }

    private static Lsn? ReadInstall(PartitionDirectory directory, ClusterId? cluster, IDisk disk, List<string> damage)
    {
        var path = directory.InstallIntentPath;
        if (!disk.FileExists(path))
            return null;
        using var file = disk.Open(path, DiskOpenMode.Read);
        Span<byte> bytes = stackalloc byte[InstallIntent.Size];
        if (!InstallIntent.TryRead(bytes[..file.Read(0, bytes)], out var intent, out var reason))
            damage.Add($"{path}: an install was interrupted, and its intent is unreadable ({reason}); only a full sync helps");
        else if (cluster is { } expected && (intent.ClusterId != expected || intent.Partition != directory.Partition))
            damage.Add($"{path}: it belongs to partition {intent.Partition} of cluster {intent.ClusterId}");
        else if (!disk.FileExists(directory.ReceivedPath(intent.SnapshotLsn)) && !disk.FileExists(directory.SnapshotPath(intent.SnapshotLsn)))
            damage.Add($"{path}: an install was interrupted, and its snapshot at {intent.SnapshotLsn} is gone; only a full sync helps");
        else
            return intent.SnapshotLsn;
        return null;
    }

    private static EpochPromise? ReadPromise(PartitionDirectory directory, ClusterId? cluster, IDisk disk, List<string> damage)
    {
        if (!disk.FileExists(directory.EpochMarkPath))
        {
            if (directory.FindLogOrSnapshot(disk) is { } found)
                damage.Add($"{directory.EpochMarkPath}: it is missing although '{found}' exists, so the epochs this replica has promised are forgotten");
            return null;
        }

        try
        {
            return EpochMarkFile.Read(directory, cluster, disk);
        }
        catch (ReplicaDamagedException bad)
        {
            damage.Add($"{bad.FilePath}: {bad.Reason}");
            return null;
        }
    }
}
