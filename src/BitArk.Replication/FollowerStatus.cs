namespace BitArk.Replication;

/// <summary>What a leader thinks of a follower. Of several that apply the most severe is shown; higher is more severe.</summary>
public enum FollowerStatus
{
    /// <summary>Heard of lately, within the window.</summary>
    Alive = 0,

    /// <summary>Its send window has been full for longer than <c>slow-after</c>: no live pushes, it catches up from disk.</summary>
    Slow = 1,

    /// <summary>Beyond the allowed lag: it no longer holds the log back, and will need a full sync once its log is gone.</summary>
    Outdated = 2,

    /// <summary>A full sync is under way.</summary>
    Syncing = 3,

    /// <summary>No sign of life for <c>dead-after</c>, or the cluster says that it is gone.</summary>
    Dead = 4,

    /// <summary>It reported durable bytes that are bad: it neither votes nor serves until a full sync has repaired it.</summary>
    Damaged = 5,
}
