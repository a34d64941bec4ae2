using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>What the scenes about one leader have in common.</summary>
internal static class LeaderScenes
{
    private static readonly TimeSpan LedBound = TimeSpan.FromSeconds(30);

    /// <summary>Partition 0, in the eyes of its leader.</summary>
    /// <exception cref="NodeException">Nobody leads it.</exception>
    public static async Task<PartitionInfo> LedAsync(FaultScene scene)
    {
        PartitionInfo? led = null;
        await Eventually.HoldsAsync(async () => (led = (await scene.Trio.TryPartitionsAsync()).FirstOrDefault(partition => partition.Id == 0)) is not null, LedBound);
        return led ?? throw new NodeException("nobody leads partition 0");
    }

    /// <summary>Waits until somebody else leads it, in a later epoch. The node that led is not asked.</summary>
    /// <exception cref="NodeException">It did not come to that.</exception>
    public static async Task NextLeaderAsync(FaultScene scene, PartitionInfo before, TimeSpan atMost)
    {
        bool elected = await Eventually.HoldsAsync(() => Task.FromResult(scene.Watch.Leader(before.Id) is { } leader && leader.Node != before.Leader && leader.Epoch.Value > before.Epoch), atMost);
        if (!elected)
            throw new NodeException($"nobody followed {before.Leader} as the leader of partition {before.Id} within {atMost.TotalSeconds} s");
    }

    /// <summary>Whether the node that led comes to follow, alive; or, should it have been chosen once more meanwhile, to lead a later epoch.</summary>
    public static Task<bool> FollowsAsync(FaultScene scene, Member member, PartitionInfo before, TimeSpan atMost) => Eventually.HoldsAsync(
        async () =>
        {
            IReadOnlyList<PartitionInfo> partitions = await scene.Trio.TryPartitionsAsync();
            return partitions.FirstOrDefault(partition => partition.Id == before.Id) is { } led && led.Epoch > before.Epoch
                && (led.Leader == member.Name || led.Replicas.Any(replica => replica.Node == member.Name && replica is { Role: "follower", Status: "Alive" }));
        },
        atMost);

    /// <summary>How questions were answered, in numbers.</summary>
    public static string Say(IEnumerable<ClusterOperation> answers) => string.Join(", ", answers
        .GroupBy(answer => $"{(answer is ClusterOperation.Read read ? $"{read.Consistency} read" : "write")} {(answer.Outcome == Outcome.Ok ? "ok" : answer.Reason)}")
        .Select(group => $"{group.Count()} {group.Key}"));
}
