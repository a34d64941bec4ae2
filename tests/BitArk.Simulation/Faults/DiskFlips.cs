using BitArk.Simulation.Replicas;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Faults;

/// <summary>
/// Flips one bit of what a disk holds durably: in the log below the durable mark, in a snapshot, or in one slot of a mark. Not
/// above the mark: rot of the very last commits is not to be told from a torn tail, and the design says so.
/// </summary>
internal sealed class DiskFlips(World world)
{
    /// <summary>Flips, unless too many disks have rotted already for the cluster to heal.</summary>
    public void Flip(SimNode node)
    {
        if (IsTooMuchFor(node) && !world.Random.Chance(0.01))
            return;
        switch (world.Random.Below(10))
        {
            case < 6:
                FlipLog(node);
                break;
            case < 9:
                FlipSnapshot(node);
                break;
            default:
                FlipMark(node);
                break;
        }

        // It is found by who reads it, and a start reads everything behind the newest snapshot.
        if (world.Random.Chance(0.6))
            node.Crash(isPowerCut: false);
    }

    /// <summary>Flips in one snapshot, found only by who reads it; unless it is gone, or too many disks have rotted already.</summary>
    public void FlipSnapshot(SimNode node, Lsn snapshot)
    {
        var path = node.Directory.SnapshotPath(snapshot);
        if (node.Disk.FileExists(path) && !IsTooMuchFor(node))
            FlipAnywhere(node, path, int.MaxValue);
    }

    private bool IsTooMuchFor(SimNode node)
    {
        var rotten = world.Nodes.Count(other => other != node && (other.IsExcused || other.IsDamaged));
        return rotten + 1 > (world.Nodes.Count - 1) / 2;
    }

    private void FlipLog(SimNode node)
    {
        if (!node.Disk.FileExists(node.Directory.DurableMarkPath))
            return;
        DurableMarkState mark;
        try
        {
            mark = DurableMarkFile.Read(node.Directory.DurableMarkPath, node.Disk);
        }
        catch (WalException)
        {
            return;
        }

        var least = Math.Max(mark.LogBase.Value, world.Random.Chance(0.8) ? NewestSnapshot(node) : 0);
        if (mark.DurableLsn.Value <= least)
            return;
        var at = least + world.Random.Below((int)(mark.DurableLsn.Value - least));
        var path = Path.Combine(node.Directory.WalPath, LogGeometry.SegmentName(at / SimSettings.SegmentBytes));
        if (node.Disk.FileExists(path))
            node.Flip(path, ((int)(at % SimSettings.SegmentBytes) * 8) + world.Random.Below(8));
    }

    private void FlipSnapshot(SimNode node)
    {
        var names = node.Disk.ListFiles(node.Directory.SnapshotsPath).Where(name => name.EndsWith(".snap", StringComparison.Ordinal)).ToList();
        if (names.Count > 0)
            FlipAnywhere(node, Path.Combine(node.Directory.SnapshotsPath, world.Random.Pick(names)), int.MaxValue);
    }

    // One slot only: both at once are a lost promise or mark, which no replica can do without.
    private void FlipMark(SimNode node)
    {
        var path = world.Random.Chance(0.5) ? node.Directory.DurableMarkPath : node.Directory.EpochMarkPath;
        if (node.Disk.FileExists(path) && !node.IsExcused)
            FlipAnywhere(node, path, 64);
    }

    private void FlipAnywhere(SimNode node, string path, int most)
    {
        using var file = node.Disk.Open(path, Storage.Disk.DiskOpenMode.Read);
        if (file.Length > 0)
            node.Flip(path, (world.Random.Below((int)Math.Min(most, file.Length)) * 8) + world.Random.Below(8));
    }

    private static long NewestSnapshot(SimNode node) => node.Disk.ListFiles(node.Directory.SnapshotsPath)
        .Where(name => name.EndsWith(".snap", StringComparison.Ordinal))
        .Select(name => Convert.ToInt64(Path.GetFileNameWithoutExtension(name), 16))
        .DefaultIfEmpty(0)
        .Max();
}
