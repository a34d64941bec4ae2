using BitArk.Cli.Files;
using BitArk.Cli.Terminal;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cli.Wal;

/// <summary>
/// Reads one partition's log beside whoever owns it. A running node deletes old segments and moves its mark meanwhile, so
/// a bad finding counts only when a second look finds the same.
/// </summary>
internal sealed class LogInspector(IDisk disk, PartitionDirectory partition)
{
    private const int Looks = 3;

    /// <summary>Verifies the log.</summary>
    /// <exception cref="CliException">The files can't be read.</exception>
    public WalReport Verify(IWorkProgress progress)
    {
        WalReport? before = null;
        for (var look = 1; ; look++)
        {
            try
            {
                var report = WalVerifier.Verify(partition.WalPath, partition.DurableMarkPath, disk, progress: progress.Report);
                if (report.Verdict is not (WalVerdict.Damaged or WalVerdict.Absent) || report.Verdict == before?.Verdict)
                {
                    return report;
                }

                before = report;
            }
            catch (DiskException failure) when (look == Looks)
            {
                throw CliException.Usage(failure.Message, failure);
            }
            catch (DiskException)
            {
                // A segment was deleted between listing and opening; the next look lists anew.
                before = null;
            }
        }
    }

    /// <summary>
    /// Hands out the records from a position on and says what state the log is in. Whole records only, so what was handed out is sound also when
    /// the log changed meanwhile; that it is damaged is said of a running node's log only when another look says the same.
    /// </summary>
    /// <exception cref="CliException">The files can't be read, or its node changed the log while it was read.</exception>
    public WalReport Read(Lsn from, IWalRecordVisitor visitor)
    {
        WalReport report;
        try
        {
            report = WalVerifier.Verify(partition.WalPath, partition.DurableMarkPath, disk, from, visitor);
        }
        catch (DiskException failure) when (OwningNode.IsRunning(partition))
        {
            throw Changed(failure.Message, failure);
        }
        catch (DiskException failure)
        {
            throw CliException.Usage(failure.Message, failure);
        }

        return report.Verdict is WalVerdict.Damaged or WalVerdict.Absent && OwningNode.IsRunning(partition) && Verify(NoProgress.Instance).Verdict != report.Verdict
            ? throw Changed("the next look finds another state", null)
            : report;
    }

    private CliException Changed(string how, Exception? cause) => CliException.Usage(
        $"{partition.Root}: the log changed while it was read ({how}): its node is running, and removes what it no longer needs. Every record printed is sound, but more may follow. Dump again, begin later with --from, or dump a copy.",
        cause);

    /// <summary>The shape that the log's segments say they have; null without a readable one.</summary>
    public LogGeometry? FindGeometry()
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        foreach (var name in disk.ListFiles(partition.WalPath).Where(name => name.EndsWith(".wal", StringComparison.Ordinal)))
        {
            try
            {
                using var file = disk.Open(Path.Combine(partition.WalPath, name), DiskOpenMode.Read);
                if (SegmentHeader.TryRead(bytes[..file.Read(0, bytes)], out var header, out _) && LogGeometry.IsValid(header.SegmentBytes))
                {
                    return new LogGeometry(header.SegmentBytes);
                }
            }
            catch (DiskException)
            {
                // Deleted meanwhile: any other segment says the same.
            }
        }

        return null;
    }
}
