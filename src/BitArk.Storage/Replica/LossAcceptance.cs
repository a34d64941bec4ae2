using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>
/// Makes the copy in a directory the truth, because an operator says that those it would need for a majority are lost. The node is
/// stopped, and its directory locked by the caller. Each step is durable before the next:
/// <code>
/// accepted.loss written -> epoch.mark raised, or made anew -> rejoining.mark removed -> (damage accepted) damaged.mark removed
/// </code>
/// Interrupted before the first it has changed nothing. After that whoever opens the replica does the second and the third;
/// the fourth only this does, because a mark that is found later may be of later damage: until then the replica is refused as damaged.
/// Repeated it comes to the same, with a higher epoch.
/// </summary>
public static class LossAcceptance
{
    /// <summary>Accepts the loss for one replica.</summary>
    /// <param name="layout">The data directory.</param>
    /// <param name="meta">Its marker.</param>
    /// <param name="copy">What <see cref="CopyInspection"/> found; not <see cref="CopyState.Unusable"/>.</param>
    /// <param name="acceptsDamage">Also where an earlier run recorded damage, and all of it reads well now.</param>
    /// <param name="disk">The file system.</param>
    /// <returns>The epoch above which the replica leads.</returns>
    /// <exception cref="InvalidOperationException">The copy is unusable, or suspect and that was not accepted.</exception>
    /// <exception cref="DiskException">A call to the file system failed; repeat.</exception>
    public static Epoch Accept(DataDirectory layout, NodeMeta meta, CopyFinding copy, bool acceptsDamage, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(meta);
        ArgumentNullException.ThrowIfNull(copy);
        ArgumentNullException.ThrowIfNull(disk);
        if (copy.State is CopyState.Unusable || (copy.State is CopyState.Suspect && !acceptsDamage))
            throw new InvalidOperationException($"Partition {copy.Partition} cannot become the truth: {copy.State}.");

        var directory = layout.Partition(copy.Partition);
        var loss = new AcceptedLoss(meta.ClusterId, copy.Partition, AcceptedLoss.EpochAbove(copy.HighestEpoch), []);
        AcceptedLossFile.Write(directory, loss, disk);
        Complete(directory, meta.ClusterId, loss, disk);
        if (copy.State is CopyState.Suspect)
        {
            disk.Delete(directory.DamagedMarkPath);
            disk.SyncDirectory(directory.Root);
        }

        return loss.Epoch;
    }

    /// <summary>Does what was interrupted, at the opening of a replica.</summary>
    internal static AcceptedLoss? CompleteIfInterrupted(PartitionDirectory directory, ClusterId cluster, IDisk disk)
    {
        if (AcceptedLossFile.Read(directory, cluster, disk) is not { } loss)
            return null;

        // The rename that brought it may have been cut off from its directory sync by a crash.
        disk.SyncDirectory(directory.Root);
        Complete(directory, cluster, loss, disk);
        return loss;
    }

    // A vote without the promise would be one that the lost copies' epochs may still contradict: so the promise comes first.
    private static void Complete(PartitionDirectory directory, ClusterId cluster, AcceptedLoss loss, IDisk disk)
    {
        var kept = EpochMarkFile.TryRead(directory, cluster, disk);
        var accepted = new EpochPromise(loss.Epoch, Guid.Empty);
        if (kept is null)
            EpochMarkFile.Create(directory, cluster, disk, accepted);
        else if (kept.Epoch < loss.Epoch)
            EpochMarkFile.Raise(directory, cluster, accepted, disk);
        if (!disk.FileExists(directory.RejoiningMarkPath))
            return;
        disk.Delete(directory.RejoiningMarkPath);
        disk.SyncDirectory(directory.Root);
    }
}
