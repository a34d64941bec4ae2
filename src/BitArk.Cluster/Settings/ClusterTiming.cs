namespace BitArk.Cluster;

/// <summary>The times of the failure detector and of the split-brain resolver, as measured for each profile.</summary>
/// <param name="Heartbeat">Between two heartbeats.</param>
/// <param name="AcceptablePause">How long heartbeats may stay away before a node is unreachable.</param>
/// <param name="StableAfter">How long membership must stay unchanged before the minority is downed.</param>
/// <param name="DownRemovalMargin">How long the others wait after a removal. By itself Akka would wait <see cref="StableAfter"/> a second time.</param>
/// <param name="Gossip">Between two rounds of gossip, of the leader's actions and of looking for unreachable nodes.</param>
internal sealed record ClusterTiming(TimeSpan Heartbeat, TimeSpan AcceptablePause, TimeSpan StableAfter, TimeSpan DownRemovalMargin, TimeSpan Gossip)
{
    /// <summary>About nine seconds until a dead node's work has moved.</summary>
    public static readonly ClusterTiming Tuned = new(Milliseconds(500), Milliseconds(2000), Milliseconds(3000), Milliseconds(1000), Milliseconds(500));

    /// <summary>About four seconds; for quiet networks and machines.</summary>
    public static readonly ClusterTiming Fast = new(Milliseconds(200), Milliseconds(1000), Milliseconds(1000), Milliseconds(500), Milliseconds(200));

    /// <summary>The times of a profile.</summary>
    public static ClusterTiming Of(FailoverProfile profile) => profile is FailoverProfile.Fast ? Fast : Tuned;

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);
}
