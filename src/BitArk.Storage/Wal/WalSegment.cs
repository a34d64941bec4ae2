using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>One segment file, open for writing.</summary>
public sealed class WalSegment : IDisposable
{
    internal WalSegment(long index, IDiskFile file)
    {
        Index = index;
        File = file;
    }

    /// <summary>Which segment of the log.</summary>
    public long Index { get; }

    internal IDiskFile File { get; }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();
}
