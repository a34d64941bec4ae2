using System.Globalization;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;
using BitArk.Chaos.Verbs;
using BitArk.Cluster;

namespace BitArk.Benchmarks.Replicated;

/// <summary>The workloads of three nodes on this machine; each makes its own nodes in a temporary directory (TMPDIR) and removes them.</summary>
internal static class ClusterVerbs
{
    public const string Usage =
        """
               cluster marks [--in-process] [--callers 256] [--connections 4] [--batch 1] [--seconds 10] [--warm-up 15] [--rounds 3]
               cluster catch-up [--bytes 512MiB] [--rounds 3]
               cluster full-sync [--sets 5000000] [--rounds 3]
               cluster memory [--callers 64] [--connections 2] [--batch 16] [--seconds 20] [--rounds 3]
               cluster ping [--callers 64] [--batch 64] [--every-ms 10] [--seconds 20] [--warm-up 15]
               (each with [--node PATH]: another BitArk.Node.dll than the one built beside)
        """;

    /// <summary>Runs one; the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = new Options(args.Length > 0 ? args[1..] : []);
            switch (args.FirstOrDefault())
            {
                case "marks":
                    await ClusterMarksWorkload.RunAsync(options);
                    return 0;
                case "catch-up":
                    await CatchUpWorkload.RunAsync(options);
                    return 0;
                case "full-sync":
                    await FullSyncWorkload.RunAsync(options);
                    return 0;
                case "memory":
                    await FollowerMemoryWorkload.RunAsync(options);
                    return 0;
                case "ping":
                    await PingWorkload.RunAsync(options);
                    return 0;
                default:
                    Console.WriteLine($"usage:{Environment.NewLine}{Usage}");
                    return 64;
            }
        }
        catch (UsageException wrong)
        {
            Console.Error.WriteLine($"cluster {args[0]}: {wrong.Message}");
            return 64;
        }
        catch (Exception failure) when (Verdict.IsFinding(failure) || failure is NodeStartException)
        {
            Console.Error.WriteLine($"cluster {args[0]}: {failure.Message}");
            return 1;
        }
    }

    /// <summary>A whole number of seconds.</summary>
    public static TimeSpan Seconds(Options options, string name, int otherwise) => TimeSpan.FromSeconds(options.Number(name, otherwise, atLeast: 1));

    /// <summary>A line of the report, with figures as everybody reads them.</summary>
    public static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>The one in the middle; of an even number the upper one.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
