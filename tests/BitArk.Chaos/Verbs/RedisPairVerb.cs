using System.Globalization;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Redis;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>redis-pair</c>: what the same kills cost a Redis master with one replica, both with <c>appendfsync always</c>. Each round the master is killed,
/// or frozen while the replica is promoted, and then goes on; the promoted one is asked for every acknowledged bit. Losses are
/// counted and printed, not judged: asynchronous replication promises no more.
/// </summary>
internal static class RedisPairVerb
{
    private const int Lanes = 8;

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int rounds = options.Number("--rounds", otherwise: 10, atLeast: 1);
        bool waits = options.Has("--wait");
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        options.RefuseUnknown();
        report.Say($"redis-pair seed={seed} rounds={rounds} of each kind{(waits ? " WAIT 1" : "")}");
        if (Tool.Missing("redis-server") is { } missing)
        {
            report.Skip($"{missing} is not installed (Debian: redis-server)");
            return report.Finish("redis-pair");
        }

        var random = new Random(seed);
        using var scratch = new ScratchDirectory("redis-pair");
        using var first = new RedisServer("first", scratch.At("first"));
        using var second = new RedisServer("second", scratch.At("second"));
        await first.StartAsync(master: null);
        await second.StartAsync(first);
        var (master, replica) = (first, second);
        foreach (bool isFrozen in new[] { false, true })
        {
            long acknowledged = 0, lost = 0;
            int lossy = 0;
            for (int round = 1; round <= rounds; round++)
            {
                await replica.WhenReplicatingAsync();
                var lanes = Enumerable.Range(0, Lanes).Select(lane => new RedisLane(string.Create(CultureInfo.InvariantCulture, $"{isFrozen}:{round}:{lane}"), waits)).ToList();
                await FailAsync(master, replica, lanes, isFrozen, random);
                long gone = 0;
                foreach (RedisLane lane in lanes)
                    gone += lane.Acknowledged - await replica.CountAsync(lane.Key, lane.Acknowledged);
                (acknowledged, lost, lossy) = (acknowledged + lanes.Sum(lane => lane.Acknowledged), lost + gone, lossy + (gone > 0 ? 1 : 0));
                if (isFrozen)
                    await master.FollowAsync(replica);
                else
                    await master.StartAsync(replica);
                (master, replica) = (replica, master);
            }

            report.Pass($"{(isFrozen ? "master frozen, replica promoted, master goes on" : "master killed, replica promoted")}: {lost} of {acknowledged} acknowledged bits lost, in {lossy} of {rounds} rounds");
        }

        return report.Finish($"redis-pair seed={seed}");
    }

    private static async Task FailAsync(RedisServer master, RedisServer replica, List<RedisLane> lanes, bool isFrozen, Random random)
    {
        using var stop = new CancellationTokenSource();
        Task writing = Task.WhenAll(lanes.Select(lane => lane.RunAsync(master, stop.Token)));
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 1500)), CancellationToken.None);
        if (isFrozen)
            master.Send(Signals.Stop);
        else
            await master.KillAsync();
        await replica.PromoteAsync();
        if (isFrozen)
        {
            // Nobody has told the old master, nor its clients.
            master.Send(Signals.Continue);
            await Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None);
        }

        await stop.CancelAsync();
        await writing;
    }
}
