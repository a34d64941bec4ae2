namespace BitArk.Replication.Sync;

/// <summary>A piece of a snapshot file to ask for.</summary>
/// <param name="Offset">Bytes from the beginning of the file.</param>
/// <param name="Length">Bytes, at least 1; many chunks may be in it.</param>
public readonly record struct ChunkRange(long Offset, long Length);
