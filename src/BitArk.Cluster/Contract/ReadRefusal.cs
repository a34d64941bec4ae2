namespace BitArk.Cluster;

/// <summary>Why a read that travelled was not answered. Closed union.</summary>
public abstract record ReadRefusal
{
    private ReadRefusal()
    {
    }

    /// <summary>Whether another attempt, or another replica, may answer before the caller stops waiting.</summary>
    public virtual bool IsPassing => false;

    /// <summary>Nobody leads, or nobody with a replica can be reached. <paramref name="Why"/> is for people.</summary>
    public sealed record NoLeader(string Why = "") : ReadRefusal
    {
        /// <inheritdoc/>
        public override bool IsPassing => true;
    }

    /// <summary>The one that was asked does not lead.</summary>
    public sealed record NotLeader(NodeId? Leader, Epoch Epoch) : ReadRefusal
    {
        /// <inheritdoc/>
        public override bool IsPassing => true;
    }

    /// <summary>The route is of another epoch than the leader's.</summary>
    public sealed record WrongEpoch(NodeId? Leader, Epoch Epoch) : ReadRefusal
    {
        /// <inheritdoc/>
        public override bool IsPassing => true;
    }

    /// <summary>The replica still recovers.</summary>
    public sealed record Recovering(double Progress) : ReadRefusal
    {
        /// <inheritdoc/>
        public override bool IsPassing => true;
    }

    /// <summary>The replica has not applied what the session has seen.</summary>
    public sealed record Behind(ReadPosition Seen, NodeId? Leader) : ReadRefusal;

    /// <summary>The session saw a history that was cut; the log ends at <paramref name="End"/>.</summary>
    public sealed record TokenLost(ReadPosition Seen, ReadPosition End) : ReadRefusal;

    /// <summary>The replica's disk failed or its files are damaged.</summary>
    public sealed record StorageFailed : ReadRefusal;

    /// <summary>The read set is larger than one answer may be.</summary>
    public sealed record TooLarge(long MaxBytes) : ReadRefusal;
}

/// <summary>A read that travelled was not answered; <see cref="Refusal"/> says why.</summary>
public sealed class ReadRefusedException(ReadRefusal refusal) : Exception($"The read was refused: {refusal}.")
{
    /// <summary>Why.</summary>
    public ReadRefusal Refusal { get; } = refusal;
}
