namespace BitArk.Storage.Wal;

/// <summary>How bytes that came again compare with what this log holds there.</summary>
/// <param name="Kind">The result.</param>
/// <param name="Lsn">The first byte that differs, or that this log has not.</param>
public readonly record struct LogComparison(LogComparisonKind Kind, Lsn Lsn);

/// <summary>The results of a comparison.</summary>
public enum LogComparisonKind
{
    /// <summary>Byte for byte the same.</summary>
    Equal,

    /// <summary>Other bytes at the same position: one of the two logs is corrupt.</summary>
    Differs,

    /// <summary>Part of it lies outside of what this log still has: nothing can be said.</summary>
    NotHere,
}
