namespace BitArk.Storage.Wal;

/// <summary>The log cannot be opened or read as it is. The message is for an operator: where, what and what to do.</summary>
public abstract class WalException : Exception
{
    private protected WalException(string message, string file, long offset, Lsn lsn, string reason)
        : base(message)
    {
        FilePath = file;
        Offset = offset;
        Lsn = lsn;
        Reason = reason;
    }

    /// <summary>The segment or mark file.</summary>
    public string FilePath { get; }

    /// <summary>The offset in that file.</summary>
    public long Offset { get; }

    /// <summary>The log position.</summary>
    public Lsn Lsn { get; }

    /// <summary>What is wrong there.</summary>
    public string Reason { get; }
}

/// <summary>Bytes that were durable are missing or damaged. Nothing was changed; the replica must not serve, vote or lead with this log.</summary>
public sealed class WalCorruptException(string file, long offset, Lsn lsn, string reason) : WalException(
    $"The log is damaged at {file}, offset 0x{offset:X} (LSN {lsn}): {reason}. " +
    "Acknowledged data may be affected, so nothing was changed and the log was not opened. Restore this data directory from a backup or an intact replica.",
    file,
    offset,
    lsn,
    reason);

/// <summary>The log was written by a newer version of this software. Nothing was changed.</summary>
public sealed class WalUnsupportedException(string file, long offset, Lsn lsn, string reason) : WalException(
    $"The log cannot be read by this version at {file}, offset 0x{offset:X} (LSN {lsn}): {reason}. " +
    "Nothing was changed. Start the version that wrote it, or a newer one.",
    file,
    offset,
    lsn,
    reason);

/// <summary>The log failed a write or sync before and takes nothing more until the process has been restarted.</summary>
public sealed class WalFailedException(Exception cause)
    : Exception("The log failed earlier and is closed for good; restart the process. First failure: " + cause?.Message, cause);
