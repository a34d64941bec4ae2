using System.CommandLine;
using BitArk.Cli.Files;
using BitArk.Cli.Terminal;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cli.Wal;

/// <summary><c>bitark wal dump</c> and <c>bitark wal verify</c>: read only, also beside a running node.</summary>
internal static class WalCommand
{
    /// <summary>The command and its two verbs.</summary>
    public static Command Create(CliConsole console) => new("wal", "Reads the log of a data directory; never changes it.")
    {
        CreateDump(console),
        CreateVerify(console),
    };

    private static Argument<string> DataDirectory() => new("data-dir") { Description = "Data directory of a node, or directory of one partition" };

    private static Command CreateVerify(CliConsole console)
    {
        var path = DataDirectory();
        var partition = OptionKit.OptionalInt("--partition", "Only this partition", 0, int.MaxValue);
        var command = new Command("verify", "Checks every byte of the log by the rules of recovery, and the marks beside it; exit code 1 when durable bytes are damaged, or a mark says so.") { path, partition };
        command.SetAction(async (parsed, _) =>
        {
            var worst = ExitCode.Fine;
            foreach (var each in PartitionFinder.Find(parsed.GetRequiredValue(path), parsed.GetValue(partition)))
            {
                var inspector = new LogInspector(PosixDisk.Instance, each);
                var report = await console.WithProgressAsync($"partition {each.Partition}", progress => Task.Run(() => inspector.Verify(progress))).ConfigureAwait(false);
                var marks = ReplicaMarks.Read(each, OwningNode.Of(each), report, PosixDisk.Instance);
                worst = Print(console.Out, each, report, worst, isReplaced: marks.Installing is not null);
                foreach (var line in MarkLines.Of(each.Partition, report, marks))
                {
                    console.Out.WriteLine(line);
                }

                worst = marks.Damage.Count > 0 ? ExitCode.DamageFound : worst;
            }

            return (int)worst;
        });
        return command;
    }

    private static Command CreateDump(CliConsole console)
    {
        var path = DataDirectory();
        var partition = OptionKit.OptionalInt("--partition", "Only this partition", 0, int.MaxValue);
        var from = new Option<string?>("--from") { Description = "Begin at this position: 1:0x1F40 (segment and offset), 0x4001F40 or decimal", HelpName = "lsn" };
        var limit = OptionKit.OptionalInt("--limit", "At most this many records of each partition", 1, int.MaxValue);
        var operations = new Option<bool>("--operations", "-o") { Description = "Print each operation too" };
        var command = new Command("dump", "Prints the records of the log, one line each; exit code 1 when durable bytes are damaged.")
        {
            path, partition, from, limit, operations,
        };
        command.SetAction(parsed =>
        {
            var worst = ExitCode.Fine;
            foreach (var each in PartitionFinder.Find(parsed.GetRequiredValue(path), parsed.GetValue(partition)))
            {
                var inspector = new LogInspector(PosixDisk.Instance, each);
                var geometry = inspector.FindGeometry();
                var start = Start(parsed.GetValue(from), geometry);
                var visitor = new DumpVisitor(
                    console.Out, geometry?.SegmentBytes ?? LogGeometry.MaxSegmentBytes, parsed.GetValue(operations), parsed.GetValue(limit) ?? long.MaxValue);
                try
                {
                    worst = Print(console.Out, each, inspector.Read(start, visitor), worst, comment: "# ");
                }
                catch (DumpVisitor.LimitReachedException)
                {
                    console.Out.WriteLine($"# partition {each.Partition} stopped after {Figures.Count(visitor.Printed)} records");
                }
            }

            return (int)worst;
        });
        return command;
    }

    private static Lsn Start(string? text, LogGeometry? geometry) =>
        text is null ? Lsn.Zero
        : LsnText.TryParse(text, geometry, out var lsn) ? lsn
        : throw CliException.Usage($"--from: '{text}' is no position such as 1:0x1F40, 0x4001F40 or 67116864");

    private static ExitCode Print(TextWriter writer, PartitionDirectory partition, WalReport report, ExitCode worst, string comment = "", bool isReplaced = false)
    {
        if (VerdictLines.Inventory(report) is { } inventory)
        {
            writer.WriteLine(comment + inventory);
        }

        // Only a tail that moves reads differently beside a running node.
        var isRunning = report.Verdict is WalVerdict.TornTail && OwningNode.IsRunning(partition);
        writer.WriteLine(comment + VerdictLines.Verdict(partition.Partition, report, isRunning));
        return VerdictLines.IsDamage(report.Verdict) && !isReplaced ? ExitCode.DamageFound : worst;
    }
}
