using System.Diagnostics;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;
using BitArk.Cluster;

namespace BitArk.Benchmarks.Replicated;

/// <summary>
/// <c>catch-up</c>: a follower is killed, the log grows meanwhile, it is started again and streams what it lacks from the leader's disk. The rate
/// counts from the first acknowledgement of the stream that the leader shows to the one at which everything was durable, and the bytes between the
/// two; the leader shows them ten times a second, so small sizes say little.
/// Nothing is written meanwhile, and automatic snapshots are out of reach so that the log is kept.
/// </summary>
internal static class CatchUpWorkload
{
    private const int Nodes = 3;
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(Options options)
    {
        var binary = NodeBinary.Find(options);
        var text = options.Text("--bytes") ?? "512MiB";
        if (!ByteSize.TryParse(text, out var bytes) || bytes <= 0)
            throw new UsageException($"--bytes must be a size such as 512MiB, not '{text}'");
        var rounds = options.Number("--rounds", 3, atLeast: 1);
        options.RefuseUnknown();

        using var scratch = new ScratchDirectory("bench");
        await using var nodes = await NodeProcesses.StartAsync(binary, NodePlan.Of(Nodes, scratch, NodePlan.NoSnapshots));
        var rates = new List<double>();
        for (var round = 0; round < rounds; round++)
            rates.Add(await RoundAsync(nodes, bytes));
        ClusterVerbs.Say($"median of {rounds}: {ClusterVerbs.Median(rates):F0} MB/s (aim: >= 100)");
    }

    private static async Task<double> RoundAsync(NodeProcesses nodes, long bytes)
    {
        await nodes.WhenLevelAsync();
        var has = (await nodes.ReplicaAsync(nodes.Last)).LastAckLsn;
        await nodes.Last.KillAsync();
        await LogFill.BytesAsync(nodes, bytes);
        var end = await EndAsync(nodes);

        var launched = Stopwatch.GetTimestamp();
        nodes.Last.Launch();
        (long At, long Lsn)? first = null;
        long? durable = null;
        var applied = 0L;
        using var ticks = new PeriodicTimer(Sample);
        for (; applied < end; await ticks.WaitForNextTickAsync())
        {
            if (Stopwatch.GetElapsedTime(launched) > Bound)
                throw new NodeException($"{nodes.Last.Name} did not catch up within {Bound.TotalSeconds} s: {nodes.Last.Running.Tail()}");
            var seen = await nodes.ReplicaAsync(nodes.Last);
            // What it had at its death it still has: only an acknowledgement beyond that is of this stream.
            if (seen.LastAckLsn > has)
                first ??= (Stopwatch.GetTimestamp(), seen.LastAckLsn);
            if (seen.LastAckLsn >= end)
                durable ??= Stopwatch.GetTimestamp();
            applied = seen.LastAppliedLsn;
        }

        var allApplied = Stopwatch.GetTimestamp();
        if (first is not { } began || durable is not { } ended || began.Lsn >= end)
            throw new NodeException("it caught up between two looks: more --bytes are needed to measure a rate");
        var took = Stopwatch.GetElapsedTime(began.At, ended).TotalSeconds;
        var rate = (end - began.Lsn) / took / 1e6;
        var isFromLog = nodes.Last.Count("fetches the leader's snapshot") == 0;
        ClusterVerbs.Say($"{end - has:N0} B behind; {end - began.Lsn:N0} B durable in {took:F2} s = {rate:F0} MB/s; applied {Stopwatch.GetElapsedTime(ended, allApplied).TotalSeconds:F2} s later; {Stopwatch.GetElapsedTime(launched, began.At).TotalSeconds:F2} s from the start of the process to its first acknowledgement{(isFromLog ? "" : "; NOT FROM THE LOG: a snapshot was fetched")}");
        return rate;
    }

    // The leader's view is a little older than its log: the end is what it shows twice.
    private static async Task<long> EndAsync(NodeProcesses nodes)
    {
        var (last, now) = (-1L, await nodes.WrittenAsync());
        using var ticks = new PeriodicTimer(Settled);
        for (; now != last; await ticks.WaitForNextTickAsync())
            (last, now) = (now, await nodes.WrittenAsync());
        return now;
    }
}
