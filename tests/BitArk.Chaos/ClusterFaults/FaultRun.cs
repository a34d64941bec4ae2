using System.Diagnostics;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;
using BitArk.Chaos.Verbs;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>One cluster from its first write to its last, with faults one after the other, and the verdict over its history.</summary>
internal sealed class FaultRun(string verb, string binary, FaultOptions options, int seed, Report report)
{
    private const int Lanes = 24;
    private const int Partitions = 2;
    private const int AcknowledgedBetweenFaults = 1_000;
    private const int LeastSuccessPercent = 80;
    private const int SnapshotEveryBytes = 128 << 10;
    private static readonly TimeSpan ProgressBound = TimeSpan.FromSeconds(90);
    private readonly Random _random = new(seed);
    private readonly List<FaultBand> _faults = [];
    private readonly RunHistory _history = new(Partitions);
    private readonly LogArchive _archive = new(new NodeSettings { DataDirectory = "" }.SegmentBytes);
    private long _fewestBetween = long.MaxValue;

    /// <summary>Faults that happened, by kind.</summary>
    public IEnumerable<string> Kinds => _faults.Select(fault => fault.Kind);

    /// <summary>Runs it; a failure is reported.</summary>
    public async Task RunAsync(string? picture)
    {
        var settings = new TrioSettings
        {
            Partitions = Partitions,
            SnapshotEveryBytes = SnapshotEveryBytes,
            More = [$"bitark.failover.profile={options.Profile}", $"bitark.commit-rule={options.CommitRule}"],
        };
        using var scratch = new ScratchDirectory(verb);
        FaultCluster? cluster = null;
        long began = Stopwatch.GetTimestamp();
        try
        {
            bool hasDisks = options.Kinds.Any(kind => kind.Needs == FaultNeeds.Disks);
            cluster = await FaultCluster.CreateAsync(binary, scratch, settings, hasDisks);
            await cluster.Trio.StartAsync();
            report.Say($"        three nodes after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s{(cluster.Network is null ? "" : ", each in a network of its own")}{(hasDisks ? ", each on a disk of its own" : "")}");
            began = Stopwatch.GetTimestamp();
            await LiveAsync(cluster, picture, began);
        }
        catch (Exception failure) when (Verdict.IsFinding(failure))
        {
            report.Fail(failure.Message);
        }
        finally
        {
            if (cluster is not null)
            {
                report.Say($"        {FaultVerdict.Summary(cluster.Trio)}");
                await cluster.Trio.DisposeAsync();
                if (report.FailedCount > 0)
                    await KeepAsync(cluster.Trio, scratch);
                await cluster.DisposeAsync();
            }
        }

        scratch.IsKept = report.FailedCount > 0;
    }

    private async Task LiveAsync(FaultCluster cluster, string? picture, long began)
    {
        var watch = new ClusterWatch(cluster.Trio, _archive);
        HistoryClient[] clients = [.. cluster.Trio.Members.Select(member => new HistoryClient(member.Grpc))];
        try
        {
            var scene = new FaultScene(cluster.Trio, cluster.Network, cluster.Disks, watch, _history, clients, _random, report) { PauseLength = options.Pause };
            try
            {
                await FaultsAsync(scene);
            }
            finally
            {
                Draw(picture, scene, began);
            }

            await FaultVerdict.CheckAsync(scene, _archive, Lanes);
            CheckCalm(Record(scene, began));
        }
        finally
        {
            await watch.DisposeAsync();
            foreach (HistoryClient client in clients)
                client.Dispose();
        }
    }

    private async Task FaultsAsync(FaultScene scene)
    {
        long[] counters = new long[Lanes];
        using var stop = new CancellationTokenSource();
        HistoryLane[] lanes = [.. Enumerable.Range(0, Lanes).Select(number => new HistoryLane(number, seed, counters, _history, scene.Trio.Members, scene.Watch))];
        Task asking = Task.WhenAll(lanes.Select(lane => Task.Run(() => lane.RunAsync(scene.Clients, stop.Token))));
        try
        {
            var plan = new FaultPlan(options.Kinds, _random);
            for (int number = 1; number <= options.Faults && report.FailedCount == 0; number++)
            {
                long before = _history.Acknowledged;
                await scene.AcknowledgesAsync(AcknowledgedBetweenFaults, ProgressBound);
                await scene.PauseAsync(0, 500);
                _fewestBetween = Math.Min(_fewestBetween, _history.Acknowledged - before);
                await FaultAsync(scene, plan.Next(), number);
            }

            await scene.AcknowledgesAsync(AcknowledgedBetweenFaults, ProgressBound);
        }
        finally
        {
            await stop.CancelAsync();
            await asking;
        }
    }

    private async Task FaultAsync(FaultScene scene, FaultKind kind, int number)
    {
        long from = Stopwatch.GetTimestamp();
        (IReadOnlyList<Member> met, string what) = await kind.HappenAsync(scene);
        long lifted = Stopwatch.GetTimestamp();
        await scene.Trio.WhenLevelOrNearAsync();
        long calm = Stopwatch.GetTimestamp();
        _faults.Add(new FaultBand(kind.Name, [.. met.Select(member => member.Name)], from, lifted, calm, what));
        report.Say($"{number,4}    {kind.Name,-9} {string.Join('+', met.Select(member => member.Name)),-17} {what}; {Seconds(from, lifted):0.0} s, well again after {Seconds(lifted, calm):0.0} s");
    }

    private void CheckCalm(RunRecord run)
    {
        (long acknowledged, long all) = run.Calm();
        double percent = 100.0 * acknowledged / Math.Max(1, all);
        double overall = 100.0 * run.Operations.Count(operation => operation.Outcome == ClusterHistories.Outcome.Ok) / Math.Max(1, run.Operations.Count);
        report.Check(_fewestBetween >= AcknowledgedBetweenFaults, $"at least {_fewestBetween} writes acknowledged between two faults, {_history.Acknowledged} in all");
        report.Check(percent >= LeastSuccessPercent, $"{percent:0.0} % of {all} operations outside faults succeeded, {overall:0.0} % of all {run.Operations.Count}");
        foreach (IGrouping<string, ClusterHistories.ClusterOperation> reason in run.Operations.Where(operation => operation.Outcome != ClusterHistories.Outcome.Ok).GroupBy(operation => $"{operation.Outcome} {operation.Reason}").OrderByDescending(group => group.Count()).Take(8))
            report.Say($"        {reason.Count(),6} {reason.Key}");
    }

    private RunRecord Record(FaultScene scene, long began) => new(
        $"{verb} seed {seed}: {_faults.Count} faults, {_history.Acknowledged} writes acknowledged",
        began,
        Stopwatch.GetTimestamp(),
        [.. scene.Trio.Members.Select(member => member.Name)],
        Partitions,
        _faults,
        scene.Watch.Claims,
        [.. _history.All]);

    private void Draw(string? picture, FaultScene scene, long began)
    {
        if (picture is null)
            return;
        File.WriteAllText(picture, TimelinePicture.Draw(Record(scene, began)));
        report.Say($"        the picture is in {Path.GetFullPath(picture)}");
    }

    private static async Task KeepAsync(Trio trio, ScratchDirectory scratch)
    {
        foreach (Member member in trio.Members)
        {
            string to = scratch.At(member.Name);
            if (member.DataDirectory != to && Directory.Exists(member.DataDirectory))
                await Evidence.CopyAsync(member.DataDirectory, to);
            await File.WriteAllLinesAsync($"{to}.log", member.Lines);
        }
    }

    private static double Seconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds;
}
