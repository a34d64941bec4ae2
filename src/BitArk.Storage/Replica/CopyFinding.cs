namespace BitArk.Storage.Replica;

/// <summary>What is known of a replica whose node is stopped, as far as an operator needs it who has to choose between copies.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="State">Whether it can become the truth.</param>
public sealed record CopyFinding(PartitionId Partition, CopyState State)
{
    /// <summary>The end of its log: what it has durably. Copies of one partition compare by (<see cref="LastEpoch"/>, this).</summary>
    public Lsn WrittenLsn { get; init; }

    /// <summary>What it knows to be committed: all of that was acknowledged by a majority.</summary>
    public Lsn CommitLsn { get; init; }

    /// <summary>The epoch of the last record in its log, or of its snapshot where the log behind that is empty.</summary>
    public Epoch LastEpoch { get; init; }

    /// <summary>The highest epoch that anything here knows.</summary>
    public Epoch HighestEpoch { get; init; }

    /// <summary>Bytes of a segment, to print positions; 0 where that is not known.</summary>
    public long SegmentBytes { get; init; }

    /// <summary>It has no vote: it was still catching up, and may lack what it acknowledged itself.</summary>
    public bool IsRejoining { get; init; }

    /// <summary>What of its promises is lost; empty when nothing is. Its data is not touched by that.</summary>
    public string LostPromises { get; init; } = "";

    /// <summary>A loss that was accepted before, and is not over; null: none.</summary>
    public AcceptedLoss? Accepted { get; init; }
}

/// <summary>Whether a copy can become the truth. Closed union.</summary>
public abstract record CopyState
{
    private CopyState()
    {
    }

    /// <summary>Every durable byte of it reads well.</summary>
    public sealed record Sound : CopyState;

    /// <summary>Every durable byte reads well now, but an earlier run has found that one does not.</summary>
    public sealed record Suspect : CopyState;

    /// <summary>It is empty, damaged, half installed, or another build's.</summary>
    /// <param name="Reason">Which, where, and what to do.</param>
    public sealed record Unusable(string Reason) : CopyState;
}
