namespace BitArk.Storage.Wal;

/// <summary>Hears what recovery does, for the log and the progress display. Called on the recovering thread.</summary>
public interface IWalRecoveryObserver
{
    /// <summary>Bytes read so far of the bytes known to be read; may end below the total.</summary>
    void Progress(long bytesDone, long bytesTotal);

    /// <summary>A new segment is filled with zeros, which takes its time.</summary>
    void MakesSegment();

    /// <summary>Bytes after the last valid record were set aside and zeroed.</summary>
    void TornTail(WalTornTail tail);

    /// <summary>Something left over from before was removed or finished; for the log only.</summary>
    void Tidied(string what);
}

/// <summary>A torn tail that recovery cut off: bytes of a group commit that was never confirmed.</summary>
/// <param name="Lsn">Where the valid log ends.</param>
/// <param name="FilePath">The segment.</param>
/// <param name="Offset">The offset of the first torn byte's record in it.</param>
/// <param name="Bytes">How many bytes were cut off, up to the last one that was not zero.</param>
/// <param name="Reason">Why the first record there is invalid.</param>
/// <param name="CopyPath">Where a copy was kept; null when the disk had no room for one.</param>
public sealed record WalTornTail(Lsn Lsn, string FilePath, long Offset, long Bytes, string Reason, string? CopyPath);

/// <summary>An observer that listens to nothing.</summary>
public sealed class SilentRecovery : IWalRecoveryObserver
{
    /// <summary>The one instance.</summary>
    public static readonly SilentRecovery Instance = new();

    private SilentRecovery()
    {
    }

    /// <inheritdoc/>
    public void Progress(long bytesDone, long bytesTotal)
    {
    }

    /// <inheritdoc/>
    public void MakesSegment()
    {
    }

    /// <inheritdoc/>
    public void TornTail(WalTornTail tail)
    {
    }

    /// <inheritdoc/>
    public void Tidied(string what)
    {
    }
}
