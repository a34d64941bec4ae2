using BitArk.Cluster;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Replicas;

/// <summary>
/// Compares the replicas of a partition at one and the same position. Where nothing is written that is the end of the leader's
/// log. Under load the replicas have passed it before they are asked, so the position is put further ahead each time, and
/// nearer again when the log does not get there.
/// </summary>
internal sealed class ReplicaComparison(IReplicaProbe probe, TimeProvider time)
{
    private const long FirstLeadBytes = 64 << 10;
    private const long LongestLeadBytes = 1L << 30;

    private static readonly TimeSpan RoundBound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Tries until all replicas answered for the same position, or the time is over.</summary>
    public async Task<PartitionVerdict> CompareAsync(int partition, TimeSpan atMost, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var lead = 0L;
        PartitionVerdict verdict;
        do
        {
            (verdict, lead) = await RoundAsync(partition, lead, cancellation).ConfigureAwait(false);
            if (verdict.Verdict != ReplicaVerdict.Undecided || time.GetElapsedTime(began) >= atMost)
                return verdict;

            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
        while (true);
    }

    private async Task<(PartitionVerdict Verdict, long NextLead)> RoundAsync(int partition, long lead, CancellationToken cancellation)
    {
        var info = await probe.LookAsync(partition, cancellation).ConfigureAwait(false);
        if (info?.Replicas.FirstOrDefault(replica => replica.Node == info.Leader) is not { } leader)
            return (new PartitionVerdict(partition, ReplicaVerdict.Undecided, "nobody is known to lead it", []), lead);

        var at = new Lsn(leader.WrittenLsn).Plus(lead);
        var asked = info.Replicas.OrderByDescending(replica => replica.Node == info.Leader).ThenBy(replica => replica.Node, StringComparer.Ordinal).ToArray();
        var outcomes = await Task.WhenAll(asked.Select(replica => probe.DigestAsync(replica.Node, partition, at, RoundBound, cancellation))).ConfigureAwait(false);
        (string, string, DigestOutcome)[] rows = [.. asked.Zip(outcomes, (replica, outcome) => (replica.Node, replica.Role, outcome))];
        return (Judge(partition, rows, outcomes), NextLead(lead, outcomes));
    }

    /// <summary>Replicas that answered for the same position and differ are damage, whatever the others say.</summary>
    private static PartitionVerdict Judge(int partition, (string, string, DigestOutcome)[] rows, DigestOutcome[] outcomes)
    {
        var computed = outcomes.OfType<DigestOutcome.Computed>().ToArray();
        if (computed.GroupBy(one => one.Lsn).Any(same => same.Select(one => one.Digest).Distinct().Count() > 1))
            return new PartitionVerdict(partition, ReplicaVerdict.Differs, "", rows);
        if (computed.Length == outcomes.Length && computed.Select(one => one.Lsn).Distinct().Count() == 1)
            return new PartitionVerdict(partition, ReplicaVerdict.Same, "", rows);

        var note = outcomes.Any(outcome => outcome is DigestOutcome.Unavailable) ? "a replica did not answer" : "the replicas could not be caught at one position";
        return new PartitionVerdict(partition, ReplicaVerdict.Undecided, note, rows);
    }

    private static long NextLead(long lead, DigestOutcome[] outcomes)
    {
        if (outcomes.Any(outcome => outcome is DigestOutcome.Passed))
            return Math.Clamp(lead * 4, FirstLeadBytes, LongestLeadBytes);

        return outcomes.Any(outcome => outcome is DigestOutcome.Unavailable) ? (lead > FirstLeadBytes ? lead / 4 : 0) : lead;
    }
}
