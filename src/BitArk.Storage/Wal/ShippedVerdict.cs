namespace BitArk.Storage.Wal;

/// <summary>Whether bytes that another replica sent can stand at the end of this log.</summary>
/// <param name="Kind">The verdict.</param>
/// <param name="Lsn">Where it shows: the record that is wrong, or the end of this log where the bytes do not connect to it.</param>
/// <param name="Reason">In words; empty when nothing is wrong.</param>
public readonly record struct ShippedVerdict(ShippedVerdictKind Kind, Lsn Lsn, string Reason)
{
    internal static readonly ShippedVerdict Fits = new(ShippedVerdictKind.Fits, Lsn.Zero, string.Empty);
}

/// <summary>The verdicts on shipped bytes.</summary>
public enum ShippedVerdictKind
{
    /// <summary>They are records and continue this log.</summary>
    Fits,

    /// <summary>They do not begin where this log ends.</summary>
    NotAtTheEnd,

    /// <summary>This log's last record is of another epoch than the one before them: the histories differ.</summary>
    OtherHistory,

    /// <summary>They are not the records that were sent: a length, checksum, epoch, pad or end is wrong.</summary>
    Damaged,

    /// <summary>An intact record of a type that only a newer version knows.</summary>
    Unsupported,
}
