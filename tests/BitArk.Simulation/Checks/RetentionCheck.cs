using BitArk.Replication;
using BitArk.Replication.Leader;
using BitArk.Replication.Messages;
using BitArk.Simulation.Engine;
using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Checks;

/// <summary>
/// The collector never takes what a kept snapshot, a transfer that goes on, a leader's floor, or a follower that is alive or
/// slow and within the window still needs. It keeps its own book of who was heard of when.
/// </summary>
internal sealed class RetentionCheck(World world)
{
    private readonly Dictionary<(int Leader, NodeId Follower), (Epoch Epoch, Lsn? Matched, TimeSpan At)> _heard = [];

    /// <summary>An ack arrived at a leader.</summary>
    public void Heard(SimNode leader, Ack ack, TimeSpan now)
    {
        var key = (leader.Index, ack.From);
        var before = _heard.GetValueOrDefault(key);
        var matched = before.Epoch == ack.Epoch && before.Matched > ack.MatchedLsn ? before.Matched : ack.MatchedLsn ?? (before.Epoch == ack.Epoch ? before.Matched : null);
        _heard[key] = (ack.Epoch, ack.IsDamaged ? null : matched, now);
    }

    /// <summary>A follower is let go.</summary>
    public void Outdated(SimNode leader, FollowerProgress progress)
    {
        if (world.Settings.IsConservative)
            throw new ViolationException("retention", $"{leader} calls {progress.Follower} outdated, although it keeps to the conservative mode");
        var written = leader.Replica!.WrittenLsn;
        var bytes = progress.MatchedLsn is { } matched ? written.BytesSince(matched) : long.MaxValue;
        if (bytes <= world.Settings.MaxLagBytes && progress.LagTime(written, world.Queue.Now) <= world.Settings.MaxLagTime)
            throw new ViolationException("retention", $"{leader} calls {progress.Follower} outdated within the window");
    }

    /// <summary>Segments were deleted.</summary>
    public void Collected(SimNode node, Lsn before, IReadOnlyList<Lsn> kept, Lsn? leadersFloor)
    {
        var least = node.Replica!.MinRetainedLsn;
        if (least == before)
            return;
        if (kept.Count < 2 || least > kept[1])
            throw new ViolationException("retention", $"{node} collected up to {least}, past its older snapshot");
        if (leadersFloor is { } floor)
        {
            if (least > floor)
                throw new ViolationException("retention", $"{node} collected up to {least}, past its leader's floor {floor}");
            return;
        }

        foreach (var pin in node.Replica.Pinned)
        {
            if (least > pin)
                throw new ViolationException("retention", $"{node} collected up to {least}, past the snapshot {pin} that is being shipped");
        }

        foreach (var other in world.Nodes.Where(other => other != node))
            RequireKept(node, other, least);
    }

    private void RequireKept(SimNode leader, SimNode follower, Lsn least)
    {
        var status = leader.Replica!.StatusOf(follower.Id);
        if (status is not (FollowerStatus.Alive or FollowerStatus.Slow))
            return;
        if (!_heard.TryGetValue((leader.Index, follower.Id), out var heard) || heard.Epoch != leader.Replica.LeadingEpoch || heard.Matched is not { } matched)
            return;
        if (least > matched)
            throw new ViolationException("retention", $"{leader} collected up to {least}; {follower}, {status}, has {matched}");
    }
}
