using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>
/// A leader that stands still for long, with a tail in its log that nobody else has and questions waiting at its door. When it goes on it must
/// acknowledge nothing and read nothing for anybody in its old epoch, and must come back as a follower with its tail cut.
/// </summary>
internal static class PauseScenario
{
    private const string Cut = "the log is cut from";
    private static readonly TimeSpan TailBound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ElectBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReturnBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskingAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(10);

    /// <summary>Does it.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> HappenAsync(FaultScene scene)
    {
        PartitionInfo before = await LeaderScenes.LedAsync(scene);
        Member leader = scene.Trio.Leader;
        (int cuts, int starts) = (leader.Count(Cut), leader.Starts);
        await scene.Network!.CutAsync(scene.IndexOf(leader), sends: true, hears: true);
        var tail = new Prober(scene, leader, before.Id);
        await GrowTailAsync(scene, leader, before.Id, tail);
        await leader.Running.FreezeAsync();

        Task length = Task.Delay(scene.PauseLength);
        await LeaderScenes.NextLeaderAsync(scene, before, ElectBound);
        await scene.AcknowledgesAsync(200, ElectBound);
        // Not before: its kernel goes on sending what the process wrote, and the others would take the tail from it.
        await scene.Network.HealAsync();
        // Sent while the others are ahead already: whatever it answers to these from its old life is stale.
        var prober = new Prober(scene, leader, before.Id);
        for (int i = 0; i < 5; i++)
            prober.Ask(scene.PauseLength + AnswerBound);
        await length;
        leader.Running.Resume();
        await prober.AskAsync(AskingAfter, AnswerBound);

        await tail.AnswersAsync();
        IReadOnlyList<ClusterOperation> answers = await prober.AnswersAsync();
        ClusterOperation[] stale = [.. answers.Where(answer => answer is { Outcome: Outcome.Ok, Token: { } token } and not ClusterOperation.Read { Consistency: Consistency.Any } && token.Epoch.Value <= before.Epoch)];
        scene.Report.Check(stale.Length == 0, $"pause: a leader frozen for {scene.PauseLength.TotalSeconds:0} s acknowledges nothing in its old epoch and serves no LEADER read from it ({LeaderScenes.Say(answers)})", string.Join("; ", stale.Take(5)));
        bool follows = await LeaderScenes.FollowsAsync(scene, leader, before, ReturnBound);
        scene.Report.Check(follows && leader.Starts == starts, $"pause: {leader.Name} comes back as a follower by itself", $"alive as a follower: {follows}, starts {starts} then {leader.Starts}");
        scene.Report.Check(await Eventually.HoldsAsync(() => leader.Count(Cut) > cuts, AnswerBound), $"pause: the tail that only {leader.Name} had is cut");
        return ([leader], $"the leader frozen for {scene.PauseLength.TotalSeconds:0} s with a tail of its own");
    }

    // Until its log holds what nobody else can have, and what no majority can ever have acknowledged.
    private static async Task GrowTailAsync(FaultScene scene, Member leader, int partition, Prober prober)
    {
        ClusterView view = scene.Trio.Views[scene.IndexOf(leader)];
        long? shipped = null;
        bool hasTail = await Eventually.HoldsAsync(
            async () =>
            {
                prober.Ask(AnswerBound);
                long? written = (await view.TryReplicaAsync(leader.Name, partition))?.WrittenLsn;
                // What it had when first asked may have reached the others before the cut.
                shipped ??= written;
                return written > shipped;
            },
            TailBound);
        if (!hasTail)
            throw new NodeException($"{leader.Name}, cut off, wrote nothing more to its log within {TailBound.TotalSeconds} s");
    }
}
