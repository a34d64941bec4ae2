namespace BitArk.Replication;

/// <summary>How far a log reaches: the measure by which a leader is chosen. First the epoch of the last record, then the length.</summary>
/// <param name="LastEpoch">The epoch of the last record; <see cref="Epoch.None"/> when there is none.</param>
/// <param name="WrittenLsn">The end of the durable log.</param>
public readonly record struct LogEnd(Epoch LastEpoch, Lsn WrittenLsn) : IComparable<LogEnd>
{
    /// <inheritdoc/>
    public int CompareTo(LogEnd other) =>
        LastEpoch != other.LastEpoch ? LastEpoch.CompareTo(other.LastEpoch) : WrittenLsn.CompareTo(other.WrittenLsn);

    /// <summary>Whether the left log holds less.</summary>
    public static bool operator <(LogEnd left, LogEnd right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left log holds more.</summary>
    public static bool operator >(LogEnd left, LogEnd right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left log holds less or the same.</summary>
    public static bool operator <=(LogEnd left, LogEnd right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left log holds more or the same.</summary>
    public static bool operator >=(LogEnd left, LogEnd right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{LastEpoch}@{WrittenLsn}";
}
