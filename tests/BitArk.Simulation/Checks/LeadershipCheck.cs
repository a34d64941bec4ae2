using BitArk.Simulation.Engine;
using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Checks;

/// <summary>At most one leader for each epoch, promises that are kept over restarts, and leaders that have all that is committed.</summary>
internal sealed class LeadershipCheck(CommittedLog committed, PrefixCheck prefix)
{
    private readonly Dictionary<Epoch, int> _leaders = [];
    private readonly Dictionary<int, Epoch> _answered = [];

    /// <summary>Leaders seen.</summary>
    public int Count => _leaders.Count;

    /// <summary>A node begins an epoch.</summary>
    public void Begins(SimNode node, Epoch epoch)
    {
        if (!_leaders.TryAdd(epoch, node.Index))
            throw new ViolationException("one-leader", $"{node} begins {epoch}, which node{_leaders[epoch]} began before");
        // What was committed below its epoch must be in it. It may have won so late that others have gone on above it: then
        // its majority is gone, and it commits nothing.
        var needed = committed.EndBelow(epoch);
        if (node.Replica!.WrittenLsn < needed)
            throw new ViolationException("acknowledged-lost", $"{node} leads {epoch} with a log up to {node.Replica.WrittenLsn}, but {needed} was committed");
        prefix.CompareUpTo(node, needed);
    }

    /// <summary>A node answers a promise, or says in an ack what it has promised.</summary>
    public void Promises(SimNode node, Epoch epoch)
    {
        if (epoch > _answered.GetValueOrDefault(node.Index))
            _answered[node.Index] = epoch;
    }

    /// <summary>A node has taken a batch of this epoch into its log.</summary>
    public void Takes(SimNode node, Epoch epoch)
    {
        if (epoch < _answered.GetValueOrDefault(node.Index))
            throw new ViolationException("promise-broken", $"{node} takes a batch of {epoch} after promising {_answered[node.Index]}");
    }

    /// <summary>A node has lost its disk, and its promises with it.</summary>
    public void Forgotten(SimNode node) => _answered.Remove(node.Index);

    /// <summary>A node is open again.</summary>
    public void Opened(SimNode node, Epoch promised)
    {
        if (promised < _answered.GetValueOrDefault(node.Index))
            throw new ViolationException("promise-forgotten", $"{node} knows {promised} after a restart, but answered {_answered[node.Index]}");
    }
}
