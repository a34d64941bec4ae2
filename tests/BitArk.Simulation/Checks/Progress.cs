using BitArk.Replication;
using BitArk.Simulation.Engine;

namespace BitArk.Simulation.Checks;

/// <summary>
/// What must come about once faults stop: one leader, every follower alive, a new write committed, and then equal logs and
/// equal states. Without a majority of sound copies it need not.
/// </summary>
internal sealed class Progress(World world)
{
    private int _acknowledgedBefore = -1;

    /// <summary>Whether too many copies are bad for anything to heal by itself.</summary>
    public bool IsBeyondRepair => world.Nodes.Count(node => node.IsExcused || node.IsDamaged) > (world.Nodes.Count - 1) / 2;

    /// <summary>Whether it has come about. Stops the clients once new writes were committed, so that the logs can become equal.</summary>
    public bool IsReached()
    {
        if (world.Clients.AreWriting)
        {
            if (world.Nodes.FirstOrDefault(node => node.Replica is { IsServing: true }) is null)
                return false;
            var acknowledged = world.Safety.Acknowledgements.Acknowledged.Count;
            if (_acknowledgedBefore < 0)
                _acknowledgedBefore = acknowledged;
            world.Clients.AreWriting = acknowledged < _acknowledgedBefore + 2;
            return false;
        }

        return WhatIsMissing().Length == 0;
    }

    /// <summary>In words; empty when nothing is.</summary>
    public string WhatIsMissing()
    {
        if (world.Nodes.Where(node => node.Replica is not { IsDamaged: false }).ToList() is [var first, ..])
            return $"{first} is down or damaged";
        var leaders = world.Nodes.Where(node => node.Replica!.IsServing).ToList();
        if (leaders.Count != 1)
            return $"{leaders.Count} leaders serve";
        var leader = leaders[0].Replica!;
        if (world.Clients.AreWriting)
            return "new writes are not committed";
        foreach (var node in world.Nodes)
        {
            if (node.Replica!.WrittenLsn != leader.WrittenLsn)
                return $"{node} has {node.Replica.WrittenLsn}, the leader {leader.WrittenLsn}";
            if (node.Replica.AppliedLsn != leader.WrittenLsn)
                return $"{node} has applied {node.Replica.AppliedLsn}, the leader has {leader.WrittenLsn}";
            if (node != leaders[0] && leader.StatusOf(node.Id) != FollowerStatus.Alive)
                return $"the leader calls {node} {leader.StatusOf(node.Id)}";
        }

        return string.Empty;
    }

    /// <summary>Logs, states and acknowledged writes at the end.</summary>
    public void RequireEqual()
    {
        var safety = world.Safety;
        foreach (var node in world.Nodes)
        {
            safety.Prefix.CompareUpTo(node, safety.Committed.End);
            safety.Memory.Require(node);
        }

        if (safety.Committed.End != world.Nodes[0].Replica!.WrittenLsn)
            throw new ViolationException("progress", $"the logs end at {world.Nodes[0].Replica!.WrittenLsn}, but {safety.Committed.End} is committed");
        foreach (var node in world.Nodes)
            node.Replica!.RequireShows(safety.Acknowledgements);
    }
}
