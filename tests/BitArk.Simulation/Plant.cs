namespace BitArk.Simulation;

/// <summary>A bug planted on purpose, in the glue or at a seam of it: the proof that the checks can see one.</summary>
internal enum Plant
{
    /// <summary>The product as it is.</summary>
    None,

    /// <summary>A follower acknowledges what it has appended and not yet synced.</summary>
    AckBeforeFsync,

    /// <summary>A follower acknowledges its whole log in a new epoch before that epoch's leader granted anything.</summary>
    OldEpochTailCounted,

    /// <summary>The leader's collector forgets its followers and the running transfers.</summary>
    GcPastFollower,

    /// <summary>A follower takes a batch that begins behind its end, as if it began there.</summary>
    GapAccepted,

    /// <summary>A follower takes damaged bytes as if their checksums were right.</summary>
    CrcNotChecked,
}

/// <summary>The plants by the names of the command line.</summary>
internal static class Plants
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyDictionary<string, Plant> ByName = new Dictionary<string, Plant>(StringComparer.Ordinal)
    {
        ["ack-before-fsync"] = Plant.AckBeforeFsync,
        ["old-epoch-tail-counted"] = Plant.OldEpochTailCounted,
        ["gc-past-follower"] = Plant.GcPastFollower,
        ["gap-accepted"] = Plant.GapAccepted,
        ["crc-not-checked"] = Plant.CrcNotChecked,
    };
}
