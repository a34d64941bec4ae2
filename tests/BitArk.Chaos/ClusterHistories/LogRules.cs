using BitArk.Storage.Wal;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>What must hold for the log alone and for who wrote it.</summary>
internal static class LogRules
{
    /// <summary>The first position of a log: behind the header of its first segment.</summary>
    public static readonly Lsn First = new(64);

    /// <summary>Checks <see cref="ClusterRule.LogWhole"/> and <see cref="ClusterRule.OneLeader"/>.</summary>
    public static IEnumerable<ClusterFinding> Check(PartitionHistory history) => [.. Whole(history.Log), .. OneLeader(history)];

    private static IEnumerable<ClusterFinding> Whole(IReadOnlyList<LogRecord> log)
    {
        (Lsn end, Epoch epoch) = (First, Epoch.None);
        foreach (LogRecord record in log)
        {
            if (record.Start != end)
                yield return new ClusterFinding(ClusterRule.LogWhole, $"a gap: {end} is followed by {record}");
            if (record.Epoch < epoch)
                yield return new ClusterFinding(ClusterRule.LogWhole, $"the epoch falls from {epoch} at {record}");
            if (record.Epoch > epoch && record.Type == RecordType.Marks)
                yield return new ClusterFinding(ClusterRule.LogWhole, $"an epoch without a beginning: {record}");
            (end, epoch) = (record.End, Epoch.Max(epoch, record.Epoch));
        }
    }

    private static IEnumerable<ClusterFinding> OneLeader(PartitionHistory history)
    {
        IEnumerable<LeaderClaim> written = history.Log.Where(record => record.Type == RecordType.EpochStart).Select(record => new LeaderClaim(record.Epoch, record.Leader, $"the record at {record.Start}"));
        foreach (IGrouping<Epoch, LeaderClaim> epoch in history.Claims.Concat(written).GroupBy(claim => claim.Epoch))
        {
            LeaderClaim[] leaders = [.. epoch.DistinctBy(claim => claim.Node)];
            if (leaders.Length > 1)
                yield return new ClusterFinding(ClusterRule.OneLeader, $"{epoch.Key} has {string.Join(" and ", leaders.Select(claim => $"{claim.Node} by {claim.Source}"))}");
        }
    }
}
