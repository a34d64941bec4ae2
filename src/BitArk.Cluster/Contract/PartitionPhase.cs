namespace BitArk.Cluster;

/// <summary>What a replica is doing. Closed union.</summary>
public abstract record PartitionPhase
{
    private PartitionPhase()
    {
    }

    /// <summary>Whether its memory is a state of the committed history, which ANY and TOKEN reads may see.</summary>
    public virtual bool IsReadable => false;

    /// <summary>Loading the snapshot or replaying the log. <paramref name="Progress"/> runs 0 … 1.</summary>
    public sealed record Recovering(double Progress, string Activity) : PartitionPhase;

    /// <summary>Leader of its epoch: reads and writes are answered.</summary>
    public sealed record Serving : PartitionPhase
    {
        /// <inheritdoc/>
        public override bool IsReadable => true;
    }

    /// <summary>Follower of a leader: ANY and TOKEN reads are answered here, writes and LEADER reads at the leader.</summary>
    public sealed record Following : PartitionPhase
    {
        /// <inheritdoc/>
        public override bool IsReadable => true;
    }

    /// <summary>It follows, but has not caught up since it lost what it had: what its memory lacks is unknown, and nothing is read from it.</summary>
    public sealed record Learning : PartitionPhase;

    /// <summary>Sound, but nobody is known to lead: ANY and TOKEN reads are answered, writes and LEADER reads wait.</summary>
    public sealed record Electing : PartitionPhase
    {
        /// <inheritdoc/>
        public override bool IsReadable => true;
    }

    /// <summary>Fetching a snapshot from the leader, since its own log is of no use. <paramref name="Progress"/> runs 0 … 1.</summary>
    public sealed record Syncing(double Progress) : PartitionPhase;

    /// <summary>Durable bytes were found bad: it neither serves nor votes until a full sync has repaired it; the process goes on.</summary>
    public sealed record Damaged(string Reason) : PartitionPhase;

    /// <summary>This node has no replica of the partition: everything is forwarded.</summary>
    public sealed record Elsewhere : PartitionPhase;

    /// <summary>Its disk failed or its files are damaged; the process is about to end.</summary>
    public sealed record Failed(string Reason) : PartitionPhase;

    /// <summary>
    /// The other nodes gave this one up, or it found more of them elsewhere: its connection to them is built anew. ANY and TOKEN reads
    /// go on where they were possible before; writes and LEADER reads are forwarded or wait.
    /// </summary>
    /// <param name="WasReadable">Whether they were.</param>
    public sealed record Rejoining(bool WasReadable) : PartitionPhase
    {
        /// <inheritdoc/>
        public override bool IsReadable => WasReadable;
    }

    /// <summary>Shutting down; no new writes.</summary>
    public sealed record Stopping : PartitionPhase;
}
