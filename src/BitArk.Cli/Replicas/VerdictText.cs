using BitArk.Cli.Terminal;
using BitArk.Cluster;

namespace BitArk.Cli.Replicas;

/// <summary>The comparison as a table: a line for each replica, the leader's first, and a line for each partition that is not well.</summary>
internal static class VerdictText
{
    private static readonly string[] Columns = ["PARTITION", "NODE", "ROLE", "POSITION", "DIGEST", "VERDICT"];

    /// <summary>Writes it.</summary>
    public static void Write(IReadOnlyList<PartitionVerdict> verdicts, TextWriter writer)
    {
        TextTable.Write(writer, Columns, verdicts.SelectMany(Rows));
        writer.WriteLine();
        foreach (var verdict in verdicts.Where(verdict => verdict.Verdict != ReplicaVerdict.Same))
            writer.WriteLine($"partition {verdict.Partition}: {(verdict.Verdict == ReplicaVerdict.Differs ? "REPLICAS DIFFER" : $"undecided: {verdict.Note}")}");

        var same = verdicts.Count(verdict => verdict.Verdict == ReplicaVerdict.Same);
        writer.WriteLine($"{same} of {verdicts.Count} partitions: all replicas are the same");
    }

    private static IEnumerable<string[]> Rows(PartitionVerdict verdict)
    {
        if (verdict.Replicas.Count == 0)
            return [[$"{verdict.Partition}", "-", "-", "-", "-", "undecided"]];

        return verdict.Replicas.Select(replica => replica.Outcome switch
        {
            DigestOutcome.Computed done => (string[])[$"{verdict.Partition}", replica.Node, replica.Role, $"{done.Lsn}", $"{done.Digest:x16}", Name(verdict.Verdict)],
            DigestOutcome.Passed passed => [$"{verdict.Partition}", replica.Node, replica.Role, $"{passed.LastAppliedLsn}", "passed", Name(verdict.Verdict)],
            DigestOutcome.Unavailable away => [$"{verdict.Partition}", replica.Node, replica.Role, "-", away.Reason, Name(verdict.Verdict)],
            _ => [$"{verdict.Partition}", replica.Node, replica.Role, "-", "-", Name(verdict.Verdict)],
        });
    }

    private static string Name(ReplicaVerdict verdict) => verdict switch
    {
        ReplicaVerdict.Same => "same",
        ReplicaVerdict.Differs => "DIFFERS",
        _ => "undecided",
    };
}
