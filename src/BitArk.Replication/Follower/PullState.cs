namespace BitArk.Replication.Follower;

/// <summary>Where a follower stands with its leader.</summary>
public enum PullState
{
    /// <summary>It has no leader to ask.</summary>
    Idle = 0,

    /// <summary>It asks until it is answered.</summary>
    Pulling = 1,

    /// <summary>It cuts its log as it was told to; then it asks again.</summary>
    Cutting = 2,

    /// <summary>Its log is a prefix of the leader's, and grows with it.</summary>
    Streaming = 3,

    /// <summary>It fetches and installs a snapshot; then it asks again.</summary>
    FullSyncing = 4,

    /// <summary>Its durable bytes are bad, or of no use: it asks for a snapshot until it is given one.</summary>
    Damaged = 5,
}
