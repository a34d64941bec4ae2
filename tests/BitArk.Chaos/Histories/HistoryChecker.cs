namespace BitArk.Chaos.Histories;

/// <summary>
/// Compares what a node holds with one lane's history. Every acknowledged operation must be there; of a record with an
/// open outcome all or nothing may be there; nothing else may.
/// </summary>
internal static class HistoryChecker
{
    /// <summary>Everything that no allowed history explains. <paramref name="found"/> holds every read set of the lane.</summary>
    public static List<Finding> Check(LaneHistory history, IReadOnlyDictionary<ReadSetKey, RangeSet> found)
    {
        List<Finding> findings = [.. history.WrongAnswers];
        var settled = new HashSet<ReadSetKey>();
        foreach (IReadOnlyList<UnknownGroup> cluster in Connected(history.Unknown))
        {
            ReadSetKey[] keys = [.. cluster.SelectMany(group => group.Operations).Select(operation => ReadSetKey.Of(operation)).Distinct()];
            settled.UnionWith(keys);
            CheckOpen(history, cluster, keys, found, findings);
        }

        foreach ((ReadSetKey key, RangeSet expected) in history.Acknowledged)
        {
            if (!settled.Contains(key))
                Compare(key, expected, expected, Found(found, key), findings);
        }

        return findings;
    }

    private static void CheckOpen(
        LaneHistory history,
        IReadOnlyList<UnknownGroup> cluster,
        ReadSetKey[] keys,
        IReadOnlyDictionary<ReadSetKey, RangeSet> found,
        List<Finding> findings)
    {
        // A lane stops at its first open outcome, so a cluster has one or two groups: all 2^n outcomes are few.
        List<Dictionary<ReadSetKey, RangeSet>> allowed = [];
        for (int outcome = 0; outcome < 1 << cluster.Count; outcome++)
        {
            Dictionary<ReadSetKey, RangeSet> states = keys.ToDictionary(key => key, key => Found(history.Acknowledged, key).Copy());
            for (int i = 0; i < cluster.Count; i++)
            {
                if ((outcome & (1 << i)) == 0)
                    continue;
                foreach (MarkOperation operation in cluster[i].Operations)
                    states[ReadSetKey.Of(operation)].Apply(operation);
            }

            if (keys.All(key => states[key].Equals(Found(found, key))))
                return;
            allowed.Add(states);
        }

        int before = findings.Count;
        foreach (ReadSetKey key in keys)
        {
            RangeSet always = allowed.Select(states => states[key]).Aggregate((left, right) => left.Intersect(right));
            var ever = new RangeSet(allowed.SelectMany(states => states[key].Ranges));
            Compare(key, always, ever, Found(found, key), findings);
        }

        if (findings.Count == before)
            findings.Add(new Finding.HalfApplied(keys[0], Found(found, keys[0])));
    }

    private static void Compare(ReadSetKey key, RangeSet atLeast, RangeSet atMost, RangeSet found, List<Finding> findings)
    {
        RangeSet lost = atLeast.Except(found);
        if (lost.Count > 0)
            findings.Add(new Finding.Lost(key, lost));
        RangeSet phantom = found.Except(atMost);
        if (phantom.Count > 0)
            findings.Add(new Finding.Phantom(key, phantom));
    }

    /// <summary>Groups that share a read set must be judged together.</summary>
    private static IEnumerable<IReadOnlyList<UnknownGroup>> Connected(IReadOnlyList<UnknownGroup> groups)
    {
        List<(HashSet<ReadSetKey> Keys, List<UnknownGroup> Groups)> clusters = [];
        foreach (UnknownGroup group in groups)
        {
            HashSet<ReadSetKey> keys = [.. group.Operations.Select(operation => ReadSetKey.Of(operation))];
            List<UnknownGroup> together = [group];
            foreach ((HashSet<ReadSetKey> Keys, List<UnknownGroup> Groups) cluster in clusters.Where(cluster => cluster.Keys.Overlaps(keys)).ToArray())
            {
                keys.UnionWith(cluster.Keys);
                together.InsertRange(0, cluster.Groups);
                clusters.Remove(cluster);
            }

            clusters.Add((keys, together));
        }

        return clusters.Select(cluster => cluster.Groups);
    }

    private static RangeSet Found(IReadOnlyDictionary<ReadSetKey, RangeSet> sets, ReadSetKey key) =>
        sets.TryGetValue(key, out RangeSet? set) ? set : new RangeSet();
}
