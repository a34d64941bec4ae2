using BitArk.Cli.Files;
using BitArk.Cli.Terminal;
using BitArk.Storage.Wal;

namespace BitArk.Cli.Wal;

/// <summary>What a look at a log found, in lines that begin with the partition.</summary>
internal static class VerdictLines
{
    /// <summary>Whether a script must hear of it.</summary>
    public static bool IsDamage(WalVerdict verdict) => verdict is WalVerdict.Damaged or WalVerdict.Unsupported;

    /// <summary>One line of verdict.</summary>
    /// <param name="partition">Which partition.</param>
    /// <param name="report">What was found.</param>
    /// <param name="isRunning">Its node is running: what follows the last whole record is on its way.</param>
    public static string Verdict(PartitionId partition, WalReport report, bool isRunning)
    {
        var shape = report.Log?.Geometry;
        var facts = $"{Figures.Count(report.Records)} records, last epoch {report.LastEpoch}";
        return $"partition {partition} " + report.Verdict switch
        {
            WalVerdict.Absent => "ABSENT: there is no log",
            WalVerdict.Sound sound => $"SOUND up to {LsnText.Format(sound.End, shape)}: {facts}",
            WalVerdict.TornTail torn when isRunning => $"SOUND up to {LsnText.Format(torn.End, shape)}: {facts}; its node is running, and what follows was being written",
            WalVerdict.TornTail torn => $"SOUND up to {LsnText.Format(torn.End, shape)}: {facts}; then a torn tail, never acknowledged, at {torn.FilePath} offset 0x{torn.Offset:X} ({torn.Reason}); the next start sets it aside",
            WalVerdict.Damaged damaged => $"DAMAGED at {LsnText.Format(damaged.Lsn, shape)}, {damaged.FilePath} offset 0x{damaged.Offset:X}: {damaged.Reason}; {facts} before it",
            WalVerdict.Unsupported newer => $"UNSUPPORTED at {LsnText.Format(newer.Lsn, shape)}, {newer.FilePath} offset 0x{newer.Offset:X}: {newer.Reason}",
            _ => throw new InvalidOperationException("a verdict without a case"),
        };
    }

    /// <summary>One line on whose log it is and where its positions stand; null when that could not be read.</summary>
    public static string? Inventory(WalReport report)
    {
        if (report.Log is not { } log)
        {
            return null;
        }

        var (mark, shape) = (log.Mark, log.Geometry);
        var cut = mark.CutIntent is { } intent ? $", being cut at {LsnText.Format(intent, shape)}" : "";
        return $"partition {log.Partition} cluster={log.Cluster} segments={Segments(log)} of {Figures.Bytes(shape.SegmentBytes)} base={LsnText.Format(mark.LogBase, shape)} "
            + $"durable={LsnText.Format(mark.DurableLsn, shape)} commit={LsnText.Format(mark.CommitLsn, shape)}{cut}";
    }

    private static string Segments(WalInventory log) => log.Segments.Count switch
    {
        0 => "none",
        1 => $"{log.Segments[0]}",
        _ => $"{log.Segments[0]}-{log.Segments[^1]}",
    };
}
