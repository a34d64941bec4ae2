using System.Globalization;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary><c>disk-bounded</c>: writes past many snapshots; the disk in use stays bounded and the two newest snapshots stay.</summary>
internal static class DiskBoundedVerb
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        int snapshots = options.Number("--snapshots", otherwise: 20, atLeast: 4);
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        using var scratch = new ScratchDirectory("disk-bounded");
        var settings = new NodeSettings { DataDirectory = scratch.At("data"), Partitions = 1, SnapshotEveryBytes = 256 << 10 };
        try
        {
            await using NodeProcess node = await NodeProcess.StartAsync(binary, settings);
            await WriteAsync(node, settings, seed, snapshots, report);
        }
        catch (Exception failure) when (Verdict.IsFinding(failure))
        {
            report.Fail(failure.Message);
        }

        return report.Finish($"disk-bounded seed={seed}");
    }

    private static async Task WriteAsync(NodeProcess node, NodeSettings settings, int seed, int snapshots, Report report)
    {
        var watch = new DataDirectoryWatch(settings.DataDirectory);
        var clients = new Fleet(seed, settings.Partitions);
        using var stop = new CancellationTokenSource();
        Task writing = clients.WriteAsync(node.Grpc, stop.Token);
        var peaks = new SortedDictionary<int, long>();
        bool passed = await Eventually.HoldsAsync(
            () =>
            {
                watch.Look();
                peaks[watch.Snapshots] = Math.Max(peaks.GetValueOrDefault(watch.Snapshots), DataDirectoryWatch.BytesIn(settings.DataDirectory));
                return Task.FromResult(watch.Snapshots >= snapshots || writing.IsCompleted);
            },
            Bound,
            TimeSpan.FromMilliseconds(10));
        await stop.CancelAsync();
        await writing;
        report.Check(passed && watch.Snapshots >= snapshots, $"passed {watch.Snapshots} snapshots with {clients.Acknowledged} operations acknowledged");

        string snapshotDirectory = Path.Combine(settings.DataDirectory, "partitions", "0", "snapshots");
        string[] Kept() => [.. Directory.GetFiles(snapshotDirectory, "*.snap").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];
        await Eventually.HoldsAsync(() => Kept().Length == 2, TimeSpan.FromSeconds(10));
        watch.Look();
        string[] newest = [.. watch.SnapshotNames.Order(StringComparer.Ordinal).TakeLast(2)];
        report.Check(Kept().SequenceEqual(newest), $"the two newest snapshots stay: {string.Join(", ", newest)}", string.Join(", ", Kept()));

        // Two snapshots and one being written, the log behind the older one with what is written meanwhile, and spares.
        long biggest = Directory.GetFiles(snapshotDirectory).Max(path => new FileInfo(path).Length);
        long due = Math.Max(settings.SnapshotEveryBytes, biggest);
        long bound = (3 * biggest) + (4 * due) + (6L * settings.SegmentBytes);
        long peak = peaks.Where(one => one.Key >= 4).Max(one => one.Value);
        report.Check(peak <= bound, $"the disk in use peaked at {peak} bytes", $"more than the bound of {bound}");
        report.Say($"peaks by snapshot: {string.Join(' ', peaks.Select(one => $"{one.Key}:{one.Value >> 10}K"))}");
        long older = long.Parse(Kept()[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        report.Check(watch.LowestSegment <= older / settings.SegmentBytes, "the log reaches back to the older snapshot");

        List<Finding> findings = await clients.CompareAsync(node.Grpc);
        report.Check(findings.Count == 0, $"{clients.Compared} read sets read as acknowledged", Evidence.Say(findings));
    }
}
