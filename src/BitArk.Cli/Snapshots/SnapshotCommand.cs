using System.CommandLine;
using BitArk.Cli.Files;
using BitArk.Cli.Terminal;
using BitArk.Storage.Disk;

namespace BitArk.Cli.Snapshots;

/// <summary><c>bitark snapshot info</c> and <c>bitark snapshot verify</c>: read only, also beside a running node.</summary>
internal static class SnapshotCommand
{
    private const string Extension = ".snap";

    /// <summary>The command and its two verbs.</summary>
    public static Command Create(CliConsole console) => new("snapshot", "Reads snapshot files; never changes them.")
    {
        CreateInfo(console),
        CreateVerify(console),
    };

    private static Argument<string> Target() => new("data-dir|file") { Description = "Data directory of a node, directory of one partition, or one snapshot file" };

    private static Command CreateInfo(CliConsole console)
    {
        var target = Target();
        var command = new Command("info", "Prints what the header of each snapshot says.") { target };
        command.SetAction(parsed =>
        {
            var findings = Files(parsed.GetRequiredValue(target)).Select(file => SnapshotFinding.Describe(PosixDisk.Instance, file));
            return (int)Print(console.Out, findings);
        });
        return command;
    }

    private static Command CreateVerify(CliConsole console)
    {
        var target = Target();
        var command = new Command("verify", "Checks every byte of each snapshot; exit code 1 when one is damaged.") { target };
        command.SetAction(async (parsed, _) =>
        {
            var findings = new List<SnapshotFinding>();
            foreach (var file in Files(parsed.GetRequiredValue(target)))
            {
                findings.Add(await console.WithProgressAsync(
                    Path.GetFileName(file),
                    progress => Task.Run(() => SnapshotFinding.Verify(PosixDisk.Instance, file, progress))).ConfigureAwait(false));
            }

            return (int)Print(console.Out, findings);
        });
        return command;
    }

    /// <summary>The file itself, or all snapshots below a directory, by partition, newest first.</summary>
    private static IReadOnlyList<string> Files(string path) => File.Exists(path)
        ? [path]
        : [.. PartitionFinder.Find(path, only: null)
            .Where(partition => Directory.Exists(partition.SnapshotsPath))
            .SelectMany(partition => Directory.EnumerateFiles(partition.SnapshotsPath, "*" + Extension).OrderDescending(StringComparer.Ordinal))];

    private static ExitCode Print(TextWriter writer, IEnumerable<SnapshotFinding> findings)
    {
        var worst = ExitCode.Fine;
        var any = false;
        foreach (var finding in findings)
        {
            any = true;
            writer.WriteLine(finding.Line);
            worst = finding is SnapshotFinding.Bad ? ExitCode.DamageFound : worst;
        }

        if (!any)
        {
            writer.WriteLine("no snapshot yet");
        }

        return worst;
    }
}
