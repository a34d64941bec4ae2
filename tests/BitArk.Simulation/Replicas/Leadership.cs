using BitArk.Replication.Failover;
using BitArk.Replication.Leader;
using BitArk.Simulation.Clients;

namespace BitArk.Simulation.Replicas;

/// <summary>What a leader has for the time of its epoch; gone when it steps down.</summary>
internal sealed class Leadership(Epoch epoch, QuorumTracker quorum, IReadOnlyDictionary<NodeId, FollowerProgress> followers, LeaderLease lease)
{
    /// <summary>The epoch led.</summary>
    public Epoch Epoch { get; } = epoch;

    /// <summary>What counts as safe.</summary>
    public QuorumTracker Quorum { get; } = quorum;

    /// <summary>The others.</summary>
    public IReadOnlyDictionary<NodeId, FollowerProgress> Followers { get; } = followers;

    /// <summary>Until when it may answer reads alone.</summary>
    public LeaderLease Lease { get; } = lease;

    /// <summary>When its heartbeats were sent.</summary>
    public SentHeartbeats Sent { get; } = new();

    /// <summary>Where its first record ends; null before it is appended.</summary>
    public Lsn? EpochStartEnd { get; set; }

    /// <summary>Until when nothing is appended, since somebody else is to lead; on the simulation's clock.</summary>
    public TimeSpan QuietUntil { get; set; }

    /// <summary>Writes that wait for their commit, in the log's order.</summary>
    public Queue<WaitingWrite> Waiting { get; } = [];
}

/// <summary>A write in the log whose client waits.</summary>
/// <param name="Write">What it is.</param>
/// <param name="Start">Where its record begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Said">Tells the client.</param>
internal sealed record WaitingWrite(ClientWrite Write, Lsn Start, Lsn End, Action<bool> Said);
