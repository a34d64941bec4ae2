namespace BitArk.Storage.Wal;

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>It is in the batch; the next flush makes it durable.</summary>
    Appended,

    /// <summary>The batch or the segment is full: flush, then append again.</summary>
    FlushFirst,

    /// <summary>There is no room: the next segment does not exist yet. Nothing was appended; flush what is pending, and try again when a spare was offered.</summary>
    NoSpace,

    /// <summary>The record is larger than <see cref="LogGeometry.MaxRecordBytes"/>; it never fits.</summary>
    TooLarge,

    /// <summary>These bytes do not belong here; the verdict says why. Nothing was appended.</summary>
    Refused,
}
