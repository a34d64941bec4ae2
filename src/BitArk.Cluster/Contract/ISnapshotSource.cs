namespace BitArk.Cluster;

/// <summary>The snapshots of one replica, for those who copy them. Any thread.</summary>
public interface ISnapshotSource
{
    /// <summary>Opens a snapshot and keeps its file as long as it is open; null if there is none at that position any more.</summary>
    ISnapshotReader? Open(Lsn lsn);
}

/// <summary>One snapshot file, open for reading. One thread at a time.</summary>
public interface ISnapshotReader : IDisposable
{
    /// <summary>The size of the file.</summary>
    long Length { get; }

    /// <summary>Fills the buffer from an offset on, as far as the file goes; answers how many bytes.</summary>
    int Read(long offset, Span<byte> into);
}

/// <summary>Fetches snapshots from other nodes. Safe for concurrent use.</summary>
public interface ISnapshotFetcher
{
    /// <summary>
    /// Streams a piece of a snapshot file in ascending chunks of at most 256 KiB. A chunk's bytes are its own: the receiver reads
    /// ahead. Whether their checksum is right is told with them, and the receiver asks for a bad chunk again.
    /// </summary>
    /// <param name="source">The sender's gRPC endpoint, <c>host:port</c>.</param>
    /// <param name="partition">Which partition.</param>
    /// <param name="lsn">Which snapshot.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="length">How many; 0: to the end.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <exception cref="SnapshotFetchException">The stream broke, or there is no such snapshot there; what came before is good.</exception>
    IAsyncEnumerable<SnapshotChunk> FetchAsync(
        string source, PartitionId partition, Lsn lsn, long offset, long length, CancellationToken cancellation);
}

/// <summary>A piece of a snapshot file as it came over the wire.</summary>
/// <param name="Offset">Where it belongs.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="Crc32">The sender's checksum of them.</param>
/// <param name="IsSound">Whether they still have it.</param>
public readonly record struct SnapshotChunk(long Offset, ReadOnlyMemory<byte> Bytes, uint Crc32, bool IsSound);

/// <summary>A snapshot could not be fetched to its end.</summary>
public sealed class SnapshotFetchException(string message, bool isGone, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The sender has no such snapshot: ask the leader anew. Otherwise the same may be tried again.</summary>
    public bool IsGone { get; } = isGone;
}
