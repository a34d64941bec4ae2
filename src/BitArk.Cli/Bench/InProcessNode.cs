using System.Globalization;
using BitArk.Cli.Terminal;
using BitArk.Cluster;

namespace BitArk.Cli.Bench;

/// <summary>Starts a node inside this process on a real directory: real files, a real fdatasync for every group commit, no listeners.</summary>
internal static class InProcessNode
{
    private const string MemoryFileSystem = "tmpfs";

    /// <summary>A node that serves. Disposing the target stops it and deletes its directory if it was a temporary one.</summary>
    /// <exception cref="CliException">It can't start.</exception>
    public static async Task<InProcessTarget> StartAsync(BenchOptions options, CliConsole console, CancellationToken cancellation)
    {
        var temporary = options.DataDirectory is null ? Directory.CreateTempSubdirectory("bitark-bench-") : null;
        var directory = Path.GetFullPath(temporary?.FullName ?? options.DataDirectory!);
        try
        {
            var node = await BitArkNode.StartAsync(Settings(directory, options.Partitions), cancellation: cancellation).ConfigureAwait(false);
            var facts = new TargetFacts(
                "in process, through the actors, no network",
                node.Partitions.Count,
                "fdatasync before each acknowledged group commit",
                Describe(directory, console));
            return new InProcessTarget(node, facts, new Owner(node, temporary));
        }
        catch (Exception failure) when (failure is NodeStartException or SettingsException)
        {
            temporary?.Delete(recursive: true);
            throw CliException.Usage(failure.Message, failure);
        }
    }

    private static BitArkSettings Settings(string directory, int partitions) => SettingsLoader.FromArguments(
    [
        "--set", $"bitark.data-dir=\"{directory.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        "--set", string.Create(CultureInfo.InvariantCulture, $"bitark.partitions={partitions}"),
        // The ActorSystem logs to the output that belongs to the report; what matters of it is in each call's outcome.
        "--set", "akka.loglevel=ERROR",
        "--set", "akka.stdout-loglevel=OFF",
    ]);

    private static string Describe(string directory, CliConsole console)
    {
        var fileSystem = FileSystemOf(directory);
        if (fileSystem == MemoryFileSystem)
        {
            console.Error.WriteLine($"bitark: {directory} lies in memory ({fileSystem}): its fdatasync costs nothing, give a directory on a disk with --data-dir");
        }

        return $"{directory} on {fileSystem}";
    }

    /// <summary>The file system of the mount that holds a path: the longest mount point that is a prefix of it.</summary>
    private static string FileSystemOf(string directory) => DriveInfo.GetDrives()
        .Where(drive => (directory + "/").StartsWith(drive.Name.TrimEnd('/') + "/", StringComparison.Ordinal))
        .MaxBy(drive => drive.Name.Length)?.DriveFormat ?? "an unknown file system";

    private sealed class Owner(BitArkNode node, DirectoryInfo? temporary) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await node.DisposeAsync().ConfigureAwait(false);
            temporary?.Delete(recursive: true);
        }
    }
}
