using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>
/// What must hold for reads. Reads are taken in the order of their answers, and each gets the earliest state that fits: a later <c>LEADER</c> read
/// must not see an earlier one than a read that was over before it began.
/// </summary>
internal static class ReadRules
{
    /// <summary>Checks <see cref="ClusterRule.LeaderFresh"/> and <see cref="ClusterRule.BitsReal"/>.</summary>
    public static IEnumerable<ClusterFinding> Check(PartitionHistory history, LogReplay replay)
    {
        var written = new Completions(history.Operations.Where(operation => operation is ClusterOperation.Write { Outcome: Outcome.Ok, Token: not null }).Select(operation => (operation.Return, operation.Token!.Value.Lsn)));
        var tokens = new Completions(history.Operations.Where(IsLinear).Select(operation => (operation.Return, operation.Token!.Value.Lsn)));
        var replicas = new ReplicaFloors(history.Operations);
        var seen = new Completions();
        foreach (ClusterOperation.Read read in history.Operations.OfType<ClusterOperation.Read>().Where(read => read is { Outcome: Outcome.Ok, Token: not null }).OrderBy(read => read.Return))
        {
            bool isLeader = read.Consistency == Consistency.Leader;
            Lsn to = read.Token!.Value.Lsn;
            if (isLeader && to < tokens.Before(read.Invoke))
            {
                yield return new ClusterFinding(ClusterRule.LeaderFresh, $"{read} is below {tokens.Before(read.Invoke)}, which was complete before");
                continue;
            }

            Lsn from = isLeader ? Lsn.Max(written.Before(read.Invoke), seen.Before(read.Invoke)) : replicas.Of(read);
            from = read.Sent is { } sent ? Lsn.Max(from, sent.Lsn) : from;
            if (TryState(read, replay, from, to) is { } at)
            {
                if (isLeader)
                    seen.Add(read.Return, at);
                continue;
            }

            bool isOld = TryState(read, replay, Lsn.Zero, from) is not null;
            yield return new ClusterFinding(
                isOld && isLeader ? ClusterRule.LeaderFresh : ClusterRule.BitsReal,
                $"{read}: {string.Join(' ', read.Messages.Zip(read.Bits, (message, bit) => $"{message}={(bit ? 1 : 0)}"))} is {(isOld ? $"older than {from}" : $"no state up to {to}")}");
        }
    }

    private static bool IsLinear(ClusterOperation operation) =>
        operation is { Outcome: Outcome.Ok, Token: not null } and (ClusterOperation.Write or ClusterOperation.Read { Consistency: Consistency.Leader });

    // The earliest position from..to whose state has all the bits; a state only changes where one of them does.
    private static Lsn? TryState(ClusterOperation.Read read, LogReplay replay, Lsn from, Lsn to)
    {
        BitTimeline[] bits = [.. read.Messages.Select(message => replay.Bit(read.Key, message))];
        foreach (Lsn at in bits.SelectMany(bit => bit.Changes(from, to)).Prepend(from).Order())
        {
            if (at <= to && bits.Zip(read.Bits).All(pair => pair.First.At(at) == pair.Second))
                return at;
        }

        return null;
    }
}
