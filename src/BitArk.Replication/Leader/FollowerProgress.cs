using BitArk.Replication.Epochs;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Leader;

/// <summary>One follower as the leader of one epoch sees it.</summary>
public sealed class FollowerProgress
{
    /// <summary>Nothing is known yet but that it exists; its silence is counted from here.</summary>
    public FollowerProgress(NodeId follower, Epoch epoch, ReplicationSettings settings, Random random, TimeSpan now)
    {
        Follower = follower;
        _ = (epoch, settings, random, now);
    }

    /// <summary>Who.</summary>
    public NodeId Follower { get; }

    /// <summary>What is done with it.</summary>
    public FollowerState State { get; private set; }

    /// <summary>Whether it is too slow for live pushes: it reads older log at the pace of its acks.</summary>
    public bool IsCatchingUp { get; private set; }

    /// <summary>Beyond the allowed lag, as recorded durably; set and cleared by <see cref="SetOutdated"/>.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>What is shipped next; null unless <see cref="FollowerState.Streaming"/>.</summary>
    public Lsn? NextLsn { get; private set; }

    /// <summary>Durable there and known equal to the log here, as acked in this epoch; null until then.</summary>
    public Lsn? MatchedLsn { get; private set; }

    /// <summary>Durable and applied there, as it said last.</summary>
    public Lsn LastAppliedLsn { get; private set; }

    /// <summary>The newest ack in this epoch; null before the first.</summary>
    public Ack? LastAck { get; private set; }

    /// <summary>Bytes of log sent and not acked.</summary>
    public long InFlightBytes { get; private set; }

    /// <summary>Records sent and not acked.</summary>
    public int InFlightRecords { get; private set; }

    /// <summary>A follower asks where to go on.</summary>
    public PullAnswer OnPull(PullFrom pull, in LeaderLogView log, TimeSpan now) => throw new NotImplementedException();

    /// <summary>A follower reports. One of another epoch is a sign of life and nothing else.</summary>
    public void OnAck(Ack ack, TimeSpan now) => throw new NotImplementedException();

    /// <summary>A follower misses something.</summary>
    public void OnNack(Nack nack, TimeSpan now) => throw new NotImplementedException();

    /// <summary>What to send now; null: nothing. Ask after every hint, ack, nack and tick until it says null.</summary>
    public ShipmentRequest? NextShipment(Lsn writtenLsn, Lsn commitLsn, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Call before a batch is sent; false: it is no longer what this follower should get next, do not send it.</summary>
    public bool Shipped(Lsn start, Lsn end, int bytes, int records, Lsn commitLsn, TimeSpan now) => throw new NotImplementedException();

    /// <summary>Repairs what was lost without a word: call it a few times in each <see cref="ReplicationSettings.RetryFirst"/>.</summary>
    public TickAction OnTick(TimeSpan now) => throw new NotImplementedException();

    /// <summary>The log at <see cref="NextLsn"/> is gone: the follower has to ask, and will be told to fetch a snapshot.</summary>
    public void NotRetained() => throw new NotImplementedException();

    /// <summary>Call when its being outdated, or being so no longer, is durably recorded.</summary>
    public void SetOutdated(bool isOutdated) => IsOutdated = isOutdated;

    /// <summary>The cluster's failure detector lost it.</summary>
    public void ClusterSaysGone() => throw new NotImplementedException();

    /// <summary>The cluster's failure detector sees it.</summary>
    public void ClusterSaysBack() => throw new NotImplementedException();

    /// <summary>The most severe that applies.</summary>
    public FollowerStatus Status(TimeSpan now) => throw new NotImplementedException();

    /// <summary>How many bytes it lacks; all of the log before its first ack.</summary>
    public long LagBytes(Lsn writtenLsn) => throw new NotImplementedException();

    /// <summary>For how long it has lacked some of what it lacks; zero when it lacks nothing.</summary>
    public TimeSpan LagTime(Lsn writtenLsn, TimeSpan now) => throw new NotImplementedException();
}
