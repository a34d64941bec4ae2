namespace BitArk.Chaos.ClusterHistories;

/// <summary>What must hold for each write and each record of one.</summary>
internal static class WriteRules
{
    /// <summary>Checks the rules of writes.</summary>
    public static IEnumerable<ClusterFinding> Check(PartitionHistory history, LogReplay replay)
    {
        var complete = new Completions(history.Operations.Where(operation => operation is { Outcome: Outcome.Ok, Token: not null }).Select(operation => (operation.Return, operation.Token!.Value.Lsn)));
        Dictionary<Lsn, LogRecord> byEnd = history.Log.DistinctBy(record => record.End).ToDictionary(record => record.End);
        Dictionary<WriteIdentity, ClusterOperation.Write> sent = history.Operations.OfType<ClusterOperation.Write>().DistinctBy(write => write.Identity).ToDictionary(write => write.Identity);
        return
        [
            .. history.Log.Where(record => record.IsWrite).SelectMany(record => CheckRecord(record, sent, complete)),
            .. sent.Values.SelectMany(write => CheckWrite(write, byEnd, replay)),
        ];
    }

    private static IEnumerable<ClusterFinding> CheckRecord(LogRecord record, Dictionary<WriteIdentity, ClusterOperation.Write> sent, Completions complete)
    {
        if (!sent.TryGetValue(record.Identity, out ClusterOperation.Write? write))
        {
            yield return new ClusterFinding(ClusterRule.RecordSent, $"nobody sent {record}");
            yield break;
        }

        if (!write.Operations.SequenceEqual(record.Operations))
            yield return new ClusterFinding(ClusterRule.RecordSent, $"{write} is another one in {record}");
        // Also of a write whose outcome stayed open: the log settles it, and it cannot have been there before it was sent.
        if (record.End <= complete.Before(write.Invoke))
            yield return new ClusterFinding(ClusterRule.WriteBehind, $"{write} is {record}, not behind {complete.Before(write.Invoke)}, which was complete before");
    }

    private static IEnumerable<ClusterFinding> CheckWrite(ClusterOperation.Write write, Dictionary<Lsn, LogRecord> byEnd, LogReplay replay)
    {
        (LogRecord Record, long[] Changed)? applied = replay.TryApplied(write.Identity);
        if (write.Outcome == Outcome.Failed && applied is { } against)
            yield return new ClusterFinding(ClusterRule.RefusalKept, $"{write} was refused with {write.Reason} and is {against.Record}");
        if (write.Outcome != Outcome.Ok)
            yield break;
        if (write.Token is not { } token || !byEnd.TryGetValue(token.Lsn, out LogRecord? record) || !record.IsWrite || record.Identity != write.Identity)
            yield return new ClusterFinding(ClusterRule.WriteKept, $"{write} is not at its token; there is {(write.Token is { } at && byEnd.TryGetValue(at.Lsn, out LogRecord? other) ? other : "nothing")}");
        else if (record.Epoch != token.Epoch)
            yield return new ClusterFinding(ClusterRule.WriteKept, $"{write} is {record}, of another epoch than its token");
        if (applied is { } known && !known.Changed.SequenceEqual(write.Changed))
            yield return new ClusterFinding(ClusterRule.ChangedRight, $"{write} changed {string.Join('/', write.Changed)} by its answer and {string.Join('/', known.Changed)} by the log, at {known.Record}");
    }
}
