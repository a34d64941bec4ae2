using System.Diagnostics;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Benchmarks.Replicated;

/// <summary>
/// <c>full-sync</c>: a follower's directory is deleted and the beginning of the leader's log too, so it is sent a snapshot. The transfer counts from
/// the first byte it has to the last, by its own progress; its check of the whole file, and installing it, are told apart from that.
/// Beside it the same stream into nothing: what the channel gives at most.
/// </summary>
internal static class FullSyncWorkload
{
    private const int Nodes = 3;
    private const int SegmentBytes = 4 << 20;
    private const long BetweenSnapshots = 2 * SegmentBytes;
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(Options options)
    {
        var binary = NodeBinary.Find(options);
        var sets = options.Number("--sets", 5_000_000, atLeast: 1000);
        var rounds = options.Number("--rounds", 3, atLeast: 1);
        options.RefuseUnknown();

        using var scratch = new ScratchDirectory("bench");
        // Small segments and a short window: the log before the older of two snapshots goes at once.
        var plans = NodePlan.Of(Nodes, scratch, [.. NodePlan.NoSnapshots, $"bitark.wal.segment-bytes={SegmentBytes}", "bitark.gc.max-lag-bytes=1MiB"]);
        await using var nodes = await NodeProcesses.StartAsync(binary, plans);
        await LogFill.SetsAsync(nodes, sets);
        var rates = new List<(double Transfer, double Channel)>();
        for (var round = 0; round < rounds; round++)
            rates.Add(await RoundAsync(nodes));
        ClusterVerbs.Say($"medians of {rounds}: transfer {ClusterVerbs.Median(rates.Select(rate => rate.Transfer)) / 1e6:F0} MB/s (aim: >= 300, or the channel's), bare channel {ClusterVerbs.Median(rates.Select(rate => rate.Channel)) / 1e6:F0} MB/s");
    }

    private static async Task<(double Transfer, double Channel)> RoundAsync(NodeProcesses nodes)
    {
        await nodes.WhenLevelAsync();
        var follower = nodes.Last;
        await follower.KillAsync();
        Directory.Delete(follower.DataDirectory, recursive: true);
        await DropLogAsync(nodes);
        var snapshot = (await nodes.LeaderView.SnapshotAsync()).Single();

        var bare = await SnapshotChannel.MeasureAsync(nodes.Leader, snapshot.Lsn, isChecked: false);
        var withChecksums = await SnapshotChannel.MeasureAsync(nodes.Leader, snapshot.Lsn, isChecked: true);
        ClusterVerbs.Say($"bare channel {bare / 1e6:F0} MB/s, with checksums {withChecksums / 1e6:F0} MB/s");

        var times = await SyncAsync(nodes, follower);
        var rate = snapshot.Bytes / times.Transfer.TotalSeconds;
        ClusterVerbs.Say($"{snapshot.Bytes:N0} B of {snapshot.ReadSets:N0} sets: transfer {times.Transfer.TotalSeconds:F2} s = {rate / 1e6:F0} MB/s; check of the whole {times.Check.TotalSeconds:F2} s; installed and level {times.Install.TotalSeconds:F2} s later; {times.Start.TotalSeconds:F2} s from the start of the process to the transfer");
        return (rate, withChecksums);
    }

    // Until an empty replica can no longer be served from the log.
    private static async Task DropLogAsync(NodeProcesses nodes)
    {
        var isGone = await Eventually.HoldsAsync(
            async () =>
            {
                if ((await nodes.ReplicaAsync(nodes.Leader)).MinRetainedLsn > SegmentBytes)
                    return true;
                await LogFill.BytesAsync(nodes, BetweenSnapshots);
                await nodes.LeaderView.SnapshotAsync();
                await nodes.LeaderView.CollectAsync();
                return false;
            },
            Bound);
        if (!isGone)
            throw new NodeException("the leader kept the beginning of its log");
    }

    private static async Task<SyncTimes> SyncAsync(NodeProcesses nodes, Member follower)
    {
        using var view = new ClusterView(follower.Grpc);
        var launched = Stopwatch.GetTimestamp();
        follower.Launch();
        await SeenAsync(() => Task.FromResult(Has(follower, "fetches the leader's snapshot")));
        var fetches = Stopwatch.GetTimestamp();
        await SeenAsync(async () => IsInstalling(follower) || await view.TryReplicaAsync(follower.Name, partition: 0) is { SyncProgress: >= 1 });
        var here = Stopwatch.GetTimestamp();
        await SeenAsync(() => Task.FromResult(IsInstalling(follower)));
        var isChecked = Stopwatch.GetTimestamp();
        await nodes.WhenLevelAsync();
        return new SyncTimes(
            Stopwatch.GetElapsedTime(launched, fetches), Stopwatch.GetElapsedTime(fetches, here), Stopwatch.GetElapsedTime(here, isChecked), Stopwatch.GetElapsedTime(isChecked));
    }

    private static bool IsInstalling(Member follower) => Has(follower, "installing the leader's snapshot");

    private static bool Has(Member follower, string text) => follower.Running.Lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    private static async Task SeenAsync(Func<Task<bool>> condition)
    {
        if (!await Eventually.HoldsAsync(condition, Bound, Sample))
            throw new NodeException("the full sync did not come to its end");
    }

    private readonly record struct SyncTimes(TimeSpan Start, TimeSpan Transfer, TimeSpan Check, TimeSpan Install);
}
