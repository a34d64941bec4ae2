using System.CommandLine;
using BitArk.Cli.Terminal;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cli.Recovery;

/// <summary><c>bitark recover</c>: makes the copy on a stopped node the truth, when no majority of sound copies is left.</summary>
internal static class RecoverCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliConsole console)
    {
        var path = new Argument<string>("data-dir") { Description = "Data directory of the stopped node whose copy is to become the truth" };
        var partition = OptionKit.OptionalInt("--partition", "Only this partition; all of several replicas unless given", 0, int.MaxValue);
        var accept = new Option<bool>("--accept-loss") { Description = "Do it. Without this nothing is changed, and what would be is printed" };
        var damage = new Option<bool>("--accept-damage") { Description = "Also a copy in which an earlier run found damage, if every byte of it reads well now" };
        var command = new Command(
            "recover",
            "When no majority of sound copies of a partition is left: looks at the copy in a stopped node's directory, says what may be lost, and with --accept-loss makes it the truth. Exit code 1 when a copy cannot become that.")
        {
            path, partition, accept, damage,
        };
        command.SetAction(parsed =>
        {
            var root = parsed.GetRequiredValue(path);
            if (!Directory.Exists(root))
                throw CliException.Usage($"{root}: no such directory");

            try
            {
                using var node = StoppedNode.Take(root, PosixDisk.Instance);
                var recovery = new NodeRecovery(node, PosixDisk.Instance, TimeProvider.System, console.Out);
                return (int)recovery.Run(new RecoveryOrder(parsed.GetValue(partition), parsed.GetValue(accept), parsed.GetValue(damage)));
            }
            catch (DataDirectoryException refused)
            {
                throw CliException.Usage(refused.Message, refused);
            }
            catch (DiskException failure)
            {
                throw CliException.Usage($"{failure.Message}. What was done so far is durable; run it again.", failure);
            }
        });
        return command;
    }
}
