using System.Globalization;
using BitArk.Cluster;

namespace BitArk.Benchmarks.SingleNode;

/// <summary>A whole node in this process, on real files: what a caller waits for an acknowledged write, its fdatasync included.</summary>
internal static class NodeVerbs
{
    public const string Usage = "node [--seconds N] [--data-dir DIR] [--sets N] [--into N] [--batch N] [--pace BYTES] [marks CALLERS BATCH | quiet | snapshot | snapshot-once | fill]";

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = int.Parse(Option(args, "--seconds", "5"), CultureInfo.InvariantCulture);
        var directory = Option(args, "--data-dir", Path.Combine(Path.GetTempPath(), $"bitark-bench-{Environment.ProcessId}"));
        ThreadPool.SetMinThreads(32, 32);
        var pace = Option(args, "--pace", "256 MiB");
        var settings = SettingsLoader.FromHocon($"bitark {{ data-dir = \"{directory}\", memory.max-bytes = 8 GiB, snapshot.pace-bytes-per-second = {pace} }}\nakka.loglevel = WARNING");
        try
        {
            await using var node = await BitArkNode.StartAsync(settings);
            Console.WriteLine($"in-process node, fdatasync per group commit, data in {directory}, {Environment.ProcessorCount} cores, {seconds} s per row after {seconds} s of warm-up");
            if (args.Contains("fill"))
            {
                var marks = int.Parse(Option(args, "--sets", "10000000"), CultureInfo.InvariantCulture);
                await FillWorkload.RunAsync(node.Partitions[0], marks, int.Parse(Option(args, "--into", "400000"), CultureInfo.InvariantCulture), int.Parse(Option(args, "--batch", "64"), CultureInfo.InvariantCulture));
                return 0;
            }

            if (args.Contains("quiet") || args.Contains("snapshot") || args.Contains("snapshot-once"))
            {
                await RunResidentAsync(node.Partitions[0], args, TimeSpan.FromSeconds(seconds));
                return 0;
            }

            Console.WriteLine(MarkWorkload.Header);
            foreach (var (callers, batch) in Workloads(args))
                await MarkWorkload.RunAsync(node.Partitions[0], callers, batch, TimeSpan.FromSeconds(seconds));

            return 0;
        }
        finally
        {
            if (!args.Contains("fill"))
                Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task RunResidentAsync(IPartition partition, string[] args, TimeSpan duration)
    {
        var readSets = int.Parse(Option(args, "--sets", "10000000"), CultureInfo.InvariantCulture);
        await ResidentWorkload.FillAsync(partition, readSets);
        if (args.Contains("quiet"))
            await ResidentWorkload.QuietAsync(partition, readSets, duration);
        else if (args.Contains("snapshot-once"))
            await SingleSnapshotWorkload.RunAsync(partition, 256, readSets, duration);
        else
            await ResidentWorkload.BesideSnapshotAsync(partition, 256, duration);
    }

    private static IEnumerable<(int Callers, int Batch)> Workloads(string[] args)
    {
        var at = Array.IndexOf(args, "marks");
        return at >= 0
            ? [(int.Parse(args[at + 1], CultureInfo.InvariantCulture), int.Parse(args[at + 2], CultureInfo.InvariantCulture))]
            : [(1, 1), (16, 1), (64, 1), (256, 1), (64, 64)];
    }

    private static string Option(string[] args, string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }
}
