using System.Diagnostics;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Clusters;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>
/// A leader alone on the minority side of a split network: once its lease is over it refuses writes and LEADER reads with NO_LEADER, it
/// answers ANY reads all the while, the majority goes on, and everything heals without help.
/// </summary>
internal static class SplitScenario
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefusedBound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ElectBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReturnBound = TimeSpan.FromSeconds(60);

    /// <summary>Does it.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> HappenAsync(FaultScene scene)
    {
        PartitionInfo before = await LeaderScenes.LedAsync(scene);
        Member leader = scene.Trio.Leader;
        int starts = leader.Starts;
        var prober = new Prober(scene, leader, before.Id);
        await scene.Network!.CutAsync(scene.IndexOf(leader), sends: true, hears: true);
        long cut = Stopwatch.GetTimestamp();
        IReadOnlyList<ClusterOperation> answers;
        try
        {
            Task asking = prober.AskAsync(Length, AnswerBound);
            await LeaderScenes.NextLeaderAsync(scene, before, ElectBound);
            await scene.AcknowledgesAsync(200, ElectBound);
            await asking;
            // A read may wait for a majority until its own deadline before it is refused for want of one.
            while (!IsRefused(prober.Heard) && Stopwatch.GetElapsedTime(cut) < RefusedBound)
                await prober.AskAsync(TimeSpan.FromSeconds(1), AnswerBound);
            answers = await prober.AnswersAsync();
        }
        finally
        {
            await scene.Network.HealAsync();
        }

        ClusterOperation[] late = [.. answers.Where(answer => answer.Invoke > cut + (long)(Lease.TotalSeconds * Stopwatch.Frequency))];
        ClusterOperation[] served = [.. late.Where(answer => answer is { Outcome: Outcome.Ok } and not ClusterOperation.Read { Consistency: Consistency.Any })];
        ClusterOperation[] writes = [.. answers.Where(answer => answer is ClusterOperation.Write { Outcome: Outcome.Ok })];
        scene.Report.Check(served.Length == 0 && writes.Length == 0, $"split: a leader cut off acknowledges nothing, and serves no LEADER read once its lease is over ({LeaderScenes.Say(answers)})", string.Join("; ", served.Concat(writes).Take(5)));
        scene.Report.Check(
            IsRefused(late),
            "split: it refuses both with NO_LEADER",
            LeaderScenes.Say(late));
        ClusterOperation.Read[] any = [.. answers.OfType<ClusterOperation.Read>().Where(read => read.Consistency == Consistency.Any)];
        scene.Report.Check(any.All(read => read.Outcome == Outcome.Ok), $"split: it answers all of {any.Length} ANY reads", $"{any.Count(read => read.Outcome != Outcome.Ok)} were not answered: {LeaderScenes.Say(any)}");
        bool follows = await LeaderScenes.FollowsAsync(scene, leader, before, ReturnBound);
        scene.Report.Check(follows && leader.Starts == starts, $"split: it heals without help, {leader.Name} follows", $"alive as a follower: {follows}, starts {starts} then {leader.Starts}");
        return ([leader], "the leader alone on its side of the network");
    }

    private static bool IsRefused(IEnumerable<ClusterOperation> answers)
    {
        ClusterOperation[] refused = [.. answers.Where(answer => answer.Reason == "NO_LEADER")];
        return refused.OfType<ClusterOperation.Write>().Any() && refused.OfType<ClusterOperation.Read>().Any(read => read.Consistency == Consistency.Leader);
    }
}
