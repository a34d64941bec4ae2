using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>What faults happen to: a cluster under load, its private network and its disks.</summary>
internal sealed record FaultScene(
    Trio Trio, PrivateNetwork? Network, IReadOnlyList<LoopFileSystem> Disks, ClusterWatch Watch, RunHistory History, IReadOnlyList<HistoryClient> Clients, Random Random, Report Report)
{
    /// <summary>How long a leader is frozen by <c>pause</c>.</summary>
    public TimeSpan PauseLength { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The place of a member in the trio, and of its disk and its network.</summary>
    public int IndexOf(Member member) => Trio.Members.ToList().IndexOf(member);

    /// <summary>The leader, more often than not, or anybody.</summary>
    public async Task<Member> VictimAsync()
    {
        await Trio.TryPartitionsAsync();
        return Random.Next(5) < 3 ? Trio.Leader : Trio.Members[Random.Next(Trio.Members.Count)];
    }

    /// <summary>Lets a time of chance pass.</summary>
    public Task PauseAsync(int fromMilliseconds, int toMilliseconds) => Task.Delay(TimeSpan.FromMilliseconds(Random.Next(fromMilliseconds, toMilliseconds)));

    /// <summary>Whether a member leads something, for people.</summary>
    public string Role(Member member) => ReferenceEquals(member, Trio.Leader) ? "the leader" : "a follower";

    /// <summary>Waits until so many more writes are acknowledged.</summary>
    /// <exception cref="NodeException">They were not.</exception>
    public async Task AcknowledgesAsync(long more, TimeSpan atMost)
    {
        long goal = History.Acknowledged + more;
        if (!await Eventually.HoldsAsync(() => Task.FromResult(History.Acknowledged >= goal), atMost))
            throw new NodeException($"only {more - (goal - History.Acknowledged)} of {more} writes were acknowledged within {atMost.TotalSeconds} s");
    }
}
