namespace BitArk.Storage.Wal;

/// <summary>What a <see cref="LogReader"/> found at a position. Closed union.</summary>
public abstract record LogReadResult
{
    private LogReadResult()
    {
    }

    /// <summary>Whole records of one segment.</summary>
    /// <param name="Start">Where they begin.</param>
    /// <param name="End">The position after the last; the next read begins there.</param>
    /// <param name="PreviousEpoch">The epoch of the record before them.</param>
    /// <param name="LastEpoch">The epoch of the last one.</param>
    /// <param name="Records">How many, at least 1.</param>
    /// <param name="Bytes">The very bytes of the log, in the reader's own buffer: valid until its next read.</param>
    /// <param name="IsFromMemory">Whether they cost no disk read.</param>
    public sealed record Range(Lsn Start, Lsn End, Epoch PreviousEpoch, Epoch LastEpoch, int Records, ReadOnlyMemory<byte> Bytes, bool IsFromMemory) : LogReadResult;

    /// <summary>No whole record lies between the position and the limit.</summary>
    public sealed record AtEnd : LogReadResult
    {
        /// <summary>The one instance.</summary>
        public static readonly AtEnd Instance = new();
    }

    /// <summary>The position lies before what this log still has, or went while it was being read.</summary>
    /// <param name="MinRetainedLsn">The oldest position it has.</param>
    public sealed record NotRetained(Lsn MinRetainedLsn) : LogReadResult;

    /// <summary>What is durable there is no longer what was written. The replica is damaged: it must neither ship nor apply it.</summary>
    /// <param name="Lsn">The record.</param>
    /// <param name="FilePath">The segment.</param>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record Damaged(Lsn Lsn, string FilePath, string Reason) : LogReadResult;
}
