namespace BitArk.Chaos.ClusterHistories;

/// <summary>The kinds of harm that the self test does to the history of a cluster.</summary>
internal enum ClusterAnomaly
{
    /// <summary>None: the checker must stay silent.</summary>
    None,

    /// <summary>An acknowledged write is not in the log; a pad is.</summary>
    LostWrite,

    /// <summary>An acknowledged write is there in the epoch of a later leader.</summary>
    OtherEpoch,

    /// <summary>A record that nobody sent.</summary>
    Phantom,

    /// <summary>A record with other operations than its write.</summary>
    AlteredWrite,

    /// <summary>Two acknowledged writes changed places.</summary>
    Reordered,

    /// <summary>A record is missing, and nothing is in its place.</summary>
    Gap,

    /// <summary>A record of an older epoch behind one of a newer.</summary>
    EpochFell,

    /// <summary>A write that was refused and applied.</summary>
    RefusedApplied,

    /// <summary>A write without an answer that lies before something complete when it was sent.</summary>
    UnknownTooEarly,

    /// <summary>An acknowledged write that lies before something complete when it was sent.</summary>
    WriteTooEarly,

    /// <summary>A repeated write that was applied a second time, and says so.</summary>
    AppliedTwice,

    /// <summary>An answer that takes the session back.</summary>
    TokenFell,

    /// <summary>A read of what was never committed.</summary>
    BeyondCommit,

    /// <summary>A token inside a record.</summary>
    TornToken,

    /// <summary>A LEADER read at a position below what was complete.</summary>
    StaleLeaderToken,

    /// <summary>A LEADER read whose token is right and whose bits are older than what was complete.</summary>
    StaleLeaderBits,

    /// <summary>A read under a token whose bits are older than the token.</summary>
    StaleTokenBits,

    /// <summary>A read of one replica with bits that were never so.</summary>
    ImpossibleBits,

    /// <summary>A second node says that it leads an epoch.</summary>
    TwoLeaders,

    /// <summary>A replica's log has another record in one place.</summary>
    DivergedLog,

    /// <summary>A replica's log ends early.</summary>
    ShortLog,

    /// <summary>A replica's memory has another checksum.</summary>
    OtherDigest,

    /// <summary>A replica's read set is not what the log gives.</summary>
    OtherMemory,
}
