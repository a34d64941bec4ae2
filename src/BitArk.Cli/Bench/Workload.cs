namespace BitArk.Cli.Bench;

/// <summary>What kind of load a run makes.</summary>
internal enum Workload
{
    /// <summary>One message of one random read set a call.</summary>
    Mark,

    /// <summary><c>--batch</c> such marks a call.</summary>
    Batch,

    /// <summary>One look-up a call.</summary>
    IsRead,

    /// <summary><c>--ids</c> look-ups in one read set a call.</summary>
    AreRead,

    /// <summary>Look-ups of one id, <c>--read-percent</c> of the calls, and marks.</summary>
    Mixed,
}

/// <summary>One kind of call; each has its own latencies.</summary>
internal enum CallKind
{
    /// <summary>One mark.</summary>
    Mark,

    /// <summary>A batch of marks.</summary>
    Batch,

    /// <summary>One look-up.</summary>
    IsRead,

    /// <summary>Many look-ups.</summary>
    AreRead,
}
