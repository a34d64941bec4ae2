using BitArk.Cli.Files;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cli.Wal;

/// <summary>What the marks beside a log say, in lines that begin with the partition.</summary>
internal static class MarkLines
{
    /// <summary>One line of facts, then one for each thing that is wrong.</summary>
    public static IEnumerable<string> Of(PartitionId partition, WalReport report, ReplicaMarks marks)
    {
        var promised = marks.Promised is { } promise
            ? $"{promise.Epoch} proposer={(promise.Proposer == Guid.Empty ? "-" : promise.Proposer.ToString("N"))}"
            : "- proposer=-";
        yield return $"partition {partition} promised={promised} guarded={YesNo(marks.IsGuarded)} rejoining={YesNo(marks.IsRejoining)}";
        if (marks.Installing is { } lsn)
        {
            yield return $"partition {partition} INSTALLING the snapshot at {LsnText.Format(lsn, report.Log?.Geometry)}: the next start completes it, and what the log says until then does not count";
        }

        if (marks.AcceptedLoss is { } loss)
        {
            yield return $"partition {partition} ALONE: an operator has accepted that the other copies are lost; it leads by itself above {loss.Epoch} until enough of them vote again, and has let in {(loss.Admitted.Count > 0 ? string.Join(",", loss.Admitted) : "nobody")} since";
        }

        foreach (var reason in marks.Damage)
        {
            yield return $"partition {partition} DAMAGED by its marks, whatever the log says: {reason}";
        }
    }

    private static string YesNo(bool value) => value ? "yes" : "no";
}
