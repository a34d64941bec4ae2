namespace BitArk.Replication.Leader;

/// <summary>What a leader does with a follower.</summary>
public enum FollowerState
{
    /// <summary>Where its log ends is unknown; nothing is sent but heartbeats until it has asked.</summary>
    Probing = 0,

    /// <summary>Batches are pushed within the window.</summary>
    Streaming = 1,

    /// <summary>It was told to fetch a snapshot; nothing is pushed until it asks again.</summary>
    FullSyncing = 2,
}
