using Akka.Actor;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Benchmarks.Replicated;

/// <summary>
/// <c>ping</c>: how long a heartbeat of the cluster and its answer take between the leader and its followers, without load and under full
/// replication load. The leader and the callers are in this process (nothing that is not a member may join), the followers are processes.
/// </summary>
internal static class PingWorkload
{
    private const string HeartbeatDispatcher = "akka.actor.internal-dispatcher";
    private const int Nodes = 3;
    private static readonly TimeSpan TakeBound = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Options options)
    {
        var binary = NodeBinary.Find(options);
        var callers = options.Number("--callers", 64, atLeast: 1);
        var batch = options.Number("--batch", 64, atLeast: 1);
        var every = TimeSpan.FromMilliseconds(options.Number("--every-ms", 10, atLeast: 1));
        var warmUp = ClusterVerbs.Seconds(options, "--warm-up", 15);
        var duration = ClusterVerbs.Seconds(options, "--seconds", 20);
        options.RefuseUnknown();

        using var scratch = new ScratchDirectory("bench");
        await using var target = await InProcessTarget.StartAsync(binary, NodePlan.Of(Nodes, scratch));
        var cluster = Akka.Cluster.Cluster.Get(target.System);
        Address[] others = [.. cluster.State.Members.Select(member => member.Address).Where(address => address != cluster.SelfAddress)];
        var pings = target.System.ActorOf(Props.Create(() => new PingActor(others, every)).WithDispatcher(HeartbeatDispatcher), "ping");
        ClusterVerbs.Say($"every {every.TotalMilliseconds} ms to each of {others.Length} followers; load of {callers} callers, {batch} marks a write");

        await Task.Delay(warmUp);
        _ = await pings.Ask<PingActor.Pings>(new PingActor.Take(), TakeBound);
        await Task.Delay(duration);
        Print("without load", await pings.Ask<PingActor.Pings>(new PingActor.Take(), TakeBound));

        var load = new CallLoad(target, callers, batch);
        _ = await load.RunAsync(warmUp);
        _ = await pings.Ask<PingActor.Pings>(new PingActor.Take(), TakeBound);
        var figures = await load.MeasureAsync(TimeSpan.FromMilliseconds(1), duration);
        Print("under load", await pings.Ask<PingActor.Pings>(new PingActor.Take(), TakeBound));
        Console.WriteLine(CallFigures.Header);
        figures.Print($"{Nodes} nodes");
        _ = await pings.GracefulStop(TakeBound);
    }

    private static void Print(string what, PingActor.Pings pings)
    {
        double Milliseconds(double percentile) => pings.RoundTrips.GetValueAtPercentile(percentile) / 1e6;
        ClusterVerbs.Say($"{what,-12} p50 {Milliseconds(50):F2} ms, p99 {Milliseconds(99):F2} ms (aim: <= 50), p99.9 {Milliseconds(99.9):F2} ms, max {Milliseconds(100):F2} ms; {pings.RoundTrips.TotalCount} of {pings.Asked} answered");
    }
}
