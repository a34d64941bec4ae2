using BitArk.Chaos.Histories;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>What must hold for what the replicas had at the end.</summary>
internal static class ReplicaRules
{
    /// <summary>Checks the rules of replicas.</summary>
    public static IEnumerable<ClusterFinding> Check(PartitionHistory history, LogReplay replay)
    {
        Dictionary<Lsn, LogRecord> whole = history.Log.DistinctBy(record => record.Start).ToDictionary(record => record.Start);
        Lsn end = history.Log.Count > 0 ? history.Log[^1].End : LogRules.First;
        return
        [
            .. history.Replicas.SelectMany(replica => SameLog(replica, whole, end)),
            .. SameMemory(history.Replicas),
            .. history.Replicas.SelectMany(replica => Replayed(replica, replay)),
        ];
    }

    private static IEnumerable<ClusterFinding> SameLog(ReplicaDump replica, Dictionary<Lsn, LogRecord> whole, Lsn end)
    {
        LogRecord? other = replica.Log.FirstOrDefault(record =>
            !whole.TryGetValue(record.Start, out LogRecord? same) || (same.End, same.Epoch, same.Checksum) != (record.End, record.Epoch, record.Checksum));
        if (other is not null)
            yield return new ClusterFinding(ClusterRule.LogsEqual, $"{replica.Node} has {other} instead of {whole.GetValueOrDefault(other.Start)}");
        else if (replica.Log.Count == 0 || replica.Log[^1].End != end)
            yield return new ClusterFinding(ClusterRule.LogsEqual, $"the log of {replica.Node} ends at {(replica.Log.Count > 0 ? replica.Log[^1].End : Lsn.Zero)}, not at {end}");
    }

    private static IEnumerable<ClusterFinding> SameMemory(IReadOnlyList<ReplicaDump> replicas)
    {
        if (replicas.DistinctBy(replica => (replica.Applied, replica.Digest)).Count() > 1)
            yield return new ClusterFinding(ClusterRule.MemoriesEqual, string.Join(", ", replicas.Select(replica => $"{replica.Node} {replica.Digest:x16} at {replica.Applied}")));
    }

    private static IEnumerable<ClusterFinding> Replayed(ReplicaDump replica, LogReplay replay)
    {
        foreach ((ReadSetKey key, RangeSet found) in replica.State)
        {
            RangeSet expected = replay.State.TryGetValue(key, out RangeSet? known) ? known : new RangeSet();
            if (!found.Equals(expected))
                yield return new ClusterFinding(ClusterRule.MemoryReplayed, $"{replica.Node} at {key}: {found} instead of {expected}; lost {expected.Except(found)}, phantom {found.Except(expected)}");
        }
    }
}
