namespace BitArk.Replication.Epochs;

/// <summary>Why a follower's log is of no use.</summary>
public enum FullSyncReason
{
    /// <summary>The leader's log begins behind what the follower needs.</summary>
    LogGone = 0,

    /// <summary>No epoch is known to both.</summary>
    NoCommonHistory = 1,

    /// <summary>Both know the follower's last epoch, but place it where it cannot be: one of the two logs is wrong.</summary>
    Contradiction = 2,

    /// <summary>The follower says that its durable bytes are bad.</summary>
    Damaged = 3,
}
