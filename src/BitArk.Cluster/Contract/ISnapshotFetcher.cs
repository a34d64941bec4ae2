namespace BitArk.Cluster;

/// <summary>The way to the snapshots of other nodes: a channel of its own, so that heartbeats never wait behind it. Safe for concurrent use.</summary>
public interface ISnapshotFetcher
{
    /// <summary>
    /// Streams a part of a snapshot's file in chunks of <see cref="SnapshotChunk.MaxBytes"/>, in order. What arrives may be damaged:
    /// the receiver checks each chunk and asks for that one again.
    /// </summary>
    /// <param name="source">The leader's gRPC endpoint, <c>host:port</c>.</param>
    /// <param name="partition">Which partition.</param>
    /// <param name="snapshotLsn">Which snapshot; the leader has pinned it.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="length">How much.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <exception cref="IOException">The stream broke, or the snapshot is not there any more; go on later, or ask the leader again.</exception>
    IAsyncEnumerable<SnapshotChunk> FetchAsync(string source, PartitionId partition, Lsn snapshotLsn, long offset, long length, CancellationToken cancellation);
}

/// <summary>A piece of a snapshot's file.</summary>
/// <param name="Offset">Where in the file.</param>
/// <param name="Bytes">The bytes; valid until the next chunk is asked for.</param>
/// <param name="Crc32">What the leader computed over them.</param>
public readonly record struct SnapshotChunk(long Offset, ReadOnlyMemory<byte> Bytes, uint Crc32)
{
    /// <summary>The bytes of a chunk; the last one of a file may have fewer.</summary>
    public const int MaxBytes = 256 * 1024;
}

/// <summary>This node's pinned snapshots, for its listener to serve. Safe for concurrent use.</summary>
public interface ISnapshotSource
{
    /// <summary>Reads a piece of a pinned snapshot; null when the snapshot is not kept for anybody any more.</summary>
    /// <returns>The bytes read; fewer than asked at the end of the file.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    int? ReadChunk(PartitionId partition, Lsn snapshotLsn, long offset, Span<byte> into);
}
