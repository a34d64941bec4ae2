namespace BitArk.Chaos.Histories;

/// <summary>A difference between what the node holds and what it may hold. Closed union.</summary>
internal abstract record Finding(ReadSetKey Key)
{
    /// <summary>Ids that every allowed history contains are missing.</summary>
    public sealed record Lost(ReadSetKey Key, RangeSet Ids) : Finding(Key)
    {
        /// <inheritdoc/>
        public override string ToString() => $"LOST {Key}: {Ids}";
    }

    /// <summary>Ids that no allowed history contains are there.</summary>
    public sealed record Phantom(ReadSetKey Key, RangeSet Ids) : Finding(Key)
    {
        /// <inheritdoc/>
        public override string ToString() => $"PHANTOM {Key}: {Ids}";
    }

    /// <summary>A part of one record was applied and another part was not.</summary>
    public sealed record HalfApplied(ReadSetKey Key, RangeSet Found) : Finding(Key)
    {
        /// <inheritdoc/>
        public override string ToString() => $"HALF A RECORD {Key}: {Found}";
    }

    /// <summary>The node said another number of changed ids than the history gives.</summary>
    public sealed record WrongCount(ReadSetKey Key, long Expected, long Answered) : Finding(Key)
    {
        /// <inheritdoc/>
        public override string ToString() => $"WRONG COUNT {Key}: {Answered} instead of {Expected}";
    }
}
