using BitArk.Cluster.Replication;

namespace BitArk.Cluster.Partitions;

// What the parts of one replica tell each other without a mailbox: positions that only grow within a term, one writer each.
internal sealed partial class PartitionStatus
{
    private long _commitLsn;
    private long _heardCommitLsn;
    private long _retainedFloor = long.MaxValue;

    /// <summary>What the commit rule calls safe, as far as known here. BitmapActor; PartitionActor when the replica is opened, FollowerActor when the log was cut.</summary>
    public Lsn CommitLsn
    {
        get => new(Volatile.Read(ref _commitLsn));
        set => Volatile.Write(ref _commitLsn, value.Value);
    }

    /// <summary>The furthest commit that a leader has told of, which may lie beyond the log here; goes back only where the log was cut. FollowerActor.</summary>
    public Lsn HeardCommitLsn
    {
        get => new(Volatile.Read(ref _heardCommitLsn));
        set => Volatile.Write(ref _heardCommitLsn, value.Value);
    }

    /// <summary>The log is kept from here on for the other replicas' sake. PartitionActor at the leader, FollowerActor elsewhere.</summary>
    public Lsn RetainedFloor
    {
        get => new(Volatile.Read(ref _retainedFloor));
        set => Volatile.Write(ref _retainedFloor, value.Value);
    }

    /// <summary>Work of this replica on threads of its own.</summary>
    public BackgroundJobs Jobs { get; } = new();

    /// <summary>Whom the leader's actors tell that there is something to send.</summary>
    public ReplicationFeed Feed { get; } = new();
}
