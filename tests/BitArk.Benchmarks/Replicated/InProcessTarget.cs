using Akka.Actor;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Cluster;

namespace BitArk.Benchmarks.Replicated;

/// <summary>
/// A node inside this process that leads, called through its actors as a front end calls it, and followers, if any, as processes of their own.
/// The leader has no gRPC: who falls so far behind that it needs a snapshot cannot get one here.
/// </summary>
internal sealed class InProcessTarget : IMarkTarget
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(90);
    private readonly BitArkNode _leader;
    private readonly Member[] _followers;

    private InProcessTarget(BitArkNode leader, Member[] followers)
    {
        _leader = leader;
        _followers = followers;
    }

    /// <summary>The leader's ActorSystem.</summary>
    public ActorSystem System => _leader.OwnSystem;

    /// <summary>Starts all and waits until they serve and everybody follows.</summary>
    /// <exception cref="NodeStartException">The leader cannot start.</exception>
    /// <exception cref="NodeException">A follower cannot.</exception>
    public static async Task<InProcessTarget> StartAsync(string binary, IReadOnlyList<NodePlan> plans)
    {
        Member[] followers = [.. plans.Skip(1).Select(plan => plan.ToMember(binary))];
        BitArkNode? leader = null;
        try
        {
            foreach (var follower in followers)
                follower.Launch();
            using var bound = new CancellationTokenSource(StartBound);
            leader = await BitArkNode.StartAsync(SettingsLoader.FromArguments([.. plans[0].Settings.Arguments(), "--set", "akka.loglevel=ERROR", "--set", "akka.stdout-loglevel=OFF"]), cancellation: bound.Token);
            await Task.WhenAll(followers.Select(follower => follower.ServesAsync()));
            var target = new InProcessTarget(leader, followers);
            return await Eventually.HoldsAsync(() => target.Level(followers.Length), StartBound)
                ? target
                : throw new NodeException("the followers do not follow");
        }
        catch
        {
            foreach (var follower in followers)
                await follower.DisposeAsync();
            if (leader is not null)
                await leader.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(int caller, MarkOperation[] marks)
    {
        if (await _leader.Partitions[0].WriteAsync(new WriteCommand(marks), CancellationToken.None) is var outcome and not WriteOutcome.Committed)
            throw new InvalidOperationException($"A write was refused: {outcome}");
    }

    /// <inheritdoc/>
    public Task<long> WorstLagBytesAsync() => Task.FromResult(_leader.Partitions[0].Replicas.Max(replica => replica.LagBytes));

    /// <inheritdoc/>
    public (TimeSpan Own, TimeSpan Nodes) ProcessorTime() =>
        (Environment.CpuUsage.TotalTime, _followers.Aggregate(TimeSpan.Zero, (sum, member) => sum + member.Running.ProcessorTime()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The leader first: it leaves the cluster in good order, which takes others who agree.
        await _leader.DisposeAsync();
        foreach (var follower in _followers)
            await follower.DisposeAsync();
    }

    private bool Level(int followers)
    {
        var replicas = _leader.Partitions[0].Replicas;
        return replicas.Count == followers + 1 && replicas.All(replica => replica.LagBytes == 0 && (replica.LastAckLsn > Lsn.Zero || followers == 0));
    }
}
