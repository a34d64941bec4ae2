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

    /// <summary>Of promised logs the longest wins, whatever its last epoch is.</summary>
    ChoiceByLength,

    /// <summary>A coordinator tells two replicas to lead the same epoch.</summary>
    TwoLeads,

    /// <summary>A leader's commit need not cover the first record of its own epoch.</summary>
    OldEpochsCommitted,

    /// <summary>A leader answers reads without asking whether its lease holds.</summary>
    LeaseIgnored,

    /// <summary>A lease is counted from the arrival of the echo, not from the sending of what is echoed.</summary>
    LeaseFromReceipt,

    /// <summary>A promise is answered that the next end of the process takes back.</summary>
    VolatilePromise,

    /// <summary>Batches of an earlier epoch are taken and acked although a later one is promised.</summary>
    NoFence,

    /// <summary>
    /// A sync under way when a promise is given is acked to the leader before, and the promise is answered without it. Both: an
    /// ack that is late, but covered by what the promise tells, harms nobody.
    /// </summary>
    LateAck,

    /// <summary>A replica that was repaired votes before it has caught up.</summary>
    LearnerVotes,

    /// <summary>A replica whose durable log is bad promises as if it were empty.</summary>
    DamagedVotes,

    /// <summary>A follower takes damaged bytes as if their checksums were right.</summary>
    CrcNotChecked,
}

/// <summary>The plants by the names of the command line.</summary>
internal static class Plants
{
    /// <summary>Those for which a test looks among the seeds of one scenario only, or leaves it to the gate.</summary>
    public static readonly IReadOnlyList<string> Rare = ["old-epochs-committed", "lease-ignored", "lease-from-receipt", "late-ack"];

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyDictionary<string, Plant> ByName = new Dictionary<string, Plant>(StringComparer.Ordinal)
    {
        ["ack-before-fsync"] = Plant.AckBeforeFsync,
        ["old-epoch-tail-counted"] = Plant.OldEpochTailCounted,
        ["gc-past-follower"] = Plant.GcPastFollower,
        ["gap-accepted"] = Plant.GapAccepted,
        ["crc-not-checked"] = Plant.CrcNotChecked,
        ["choice-by-length"] = Plant.ChoiceByLength,
        ["two-leads"] = Plant.TwoLeads,
        ["old-epochs-committed"] = Plant.OldEpochsCommitted,
        ["lease-ignored"] = Plant.LeaseIgnored,
        ["lease-from-receipt"] = Plant.LeaseFromReceipt,
        ["volatile-promise"] = Plant.VolatilePromise,
        ["no-fence"] = Plant.NoFence,
        ["late-ack"] = Plant.LateAck,
        ["learner-votes"] = Plant.LearnerVotes,
        ["damaged-votes"] = Plant.DamagedVotes,
    };
}
