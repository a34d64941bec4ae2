namespace BitArk.Chaos.Nodes;

/// <summary>When in a round the node is killed: anywhere, or on purpose beside the work that runs behind the writes.</summary>
internal enum KillMoment
{
    /// <summary>At a random moment.</summary>
    Random,

    /// <summary>While a temporary snapshot file exists.</summary>
    WritingSnapshot,

    /// <summary>Just after a snapshot got its name, while old ones and segments are being deleted.</summary>
    SnapshotDone,

    /// <summary>Just after a segment appeared.</summary>
    SegmentRolled,

    /// <summary>Just after segments were deleted.</summary>
    SegmentsCollected,
}
