namespace BitArk.Storage.Wal;

/// <summary>Why a scan of the log stopped.</summary>
internal enum ScanStop
{
    /// <summary>At a header of zeros, or at the end of the last segment.</summary>
    End,

    /// <summary>At torn or damaged bytes.</summary>
    Invalid,

    /// <summary>At an intact record that a newer build wrote.</summary>
    Unsupported,
}

/// <summary>Where and why a scan stopped.</summary>
/// <param name="Stop">Why.</param>
/// <param name="End">The end of the last valid record, as a position.</param>
/// <param name="StopLsn">Where the bytes that stopped it begin; differs from <paramref name="End"/> only in a rest too small for a header.</param>
/// <param name="LastEpoch">The epoch of the last valid record.</param>
/// <param name="Records">Valid records seen.</param>
/// <param name="Reason">What is wrong at the end; empty at a clean one.</param>
internal readonly record struct LogScan(ScanStop Stop, Lsn End, Lsn StopLsn, Epoch LastEpoch, long Records, string Reason);
