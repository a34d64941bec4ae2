using BitArk.Replication;

namespace BitArk.Cluster;

/// <summary>What a replica is to its partition.</summary>
public enum ReplicaRole
{
    /// <summary>Copies the leader's log and counts for the commit.</summary>
    Follower = 0,

    /// <summary>Writes the log of its epoch.</summary>
    Leader = 1,

    /// <summary>Copies the log, but counts for nothing until it has caught up.</summary>
    Learner = 2,
}

/// <summary>One replica, as one node sees it at one moment. Positions that are not known there are <see cref="Lsn.Zero"/>.</summary>
/// <param name="Node">Where it is.</param>
/// <param name="Role">What it is to the partition.</param>
/// <param name="Status">Of several that apply the most severe.</param>
public sealed record ReplicaView(NodeId Node, ReplicaRole Role, FollowerStatus Status)
{
    /// <summary>End of what is durable in its log, as far as it has told.</summary>
    public Lsn WrittenLsn { get; init; }

    /// <summary>End of what the commit rule calls safe, as far as it knows.</summary>
    public Lsn CommitLsn { get; init; }

    /// <summary>End of what it has applied.</summary>
    public Lsn LastAppliedLsn { get; init; }

    /// <summary>Its last acknowledgement: durable and known equal to the leader's log.</summary>
    public Lsn LastAckLsn { get; init; }

    /// <summary>Bytes of log from <see cref="LastAckLsn"/> to the end of the leader's.</summary>
    public long LagBytes { get; init; }

    /// <summary>How long ago it last had everything that the leader had.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>Oldest position in its log.</summary>
    public Lsn MinRetainedLsn { get; init; }

    /// <summary>Its newest snapshot; <see cref="Lsn.Zero"/>: none.</summary>
    public Lsn SnapshotLsn { get; init; }

    /// <summary>0 … 1 while <see cref="FollowerStatus.Syncing"/>, or while it recovers.</summary>
    public double SyncProgress { get; init; }

    /// <summary>What the leader has done for it; null for the leader itself and where it is not known.</summary>
    public StreamCounts? Stream { get; init; }
}

/// <summary>The stream from a leader to one follower. Counts are totals since the leadership began.</summary>
/// <param name="InFlightBytes">Sent and not yet acknowledged.</param>
/// <param name="Retransmits">How often it was sent again after a timeout.</param>
/// <param name="Nacks">How often the follower asked for it again.</param>
/// <param name="ChecksumFailures">How many of those because the bytes were damaged on the way.</param>
/// <param name="FullSyncs">How often it was sent a snapshot.</param>
public sealed record StreamCounts(long InFlightBytes, long Retransmits, long Nacks, long ChecksumFailures, long FullSyncs);

/// <summary>What one replica received and refused, since the process began.</summary>
/// <param name="ForeignMessages">Messages of another cluster or partition.</param>
/// <param name="ChecksumFailures">Pieces of log or snapshot that were damaged on the way.</param>
/// <param name="FullSyncs">Snapshots installed.</param>
/// <param name="Duplicates">Batches that were here already.</param>
/// <param name="Truncations">Times the log was cut because its history differed from the leader's.</param>
/// <param name="RefusedEpochs">Batches of a leader of an earlier epoch, refused.</param>
/// <param name="LogReadFailures">Reads of the log that failed without saying anything of its bytes, and were repeated.</param>
/// <param name="LostTailBytes">Log that a leader may have acknowledged alone (<c>commit-rule = leader</c>) and that was given up here for another leader's history.</param>
public readonly record struct WireCounts(
    long ForeignMessages, long ChecksumFailures, long FullSyncs, long Duplicates, long Truncations, long RefusedEpochs, long LogReadFailures, long LostTailBytes);
