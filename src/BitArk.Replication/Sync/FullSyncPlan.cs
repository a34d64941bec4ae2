namespace BitArk.Replication.Sync;

/// <summary>Which pieces of a snapshot file are here, and which to ask for. One for each transfer; one thread.</summary>
public sealed class FullSyncPlan
{
    /// <summary>Goes on from what a transfer before it left.</summary>
    /// <param name="snapshotLsn">Which snapshot.</param>
    /// <param name="totalBytes">The size of its file, above 0.</param>
    /// <param name="chunkBytes">The size of a chunk, above 0; the last one may be shorter.</param>
    /// <param name="haveBytes">What is durable here from the beginning on, 0 … <paramref name="totalBytes"/>; a part of a chunk is fetched again.</param>
    public FullSyncPlan(Lsn snapshotLsn, long totalBytes, int chunkBytes, long haveBytes)
    {
        SnapshotLsn = snapshotLsn;
        TotalBytes = totalBytes;
        _ = (chunkBytes, haveBytes);
    }

    /// <summary>Which snapshot.</summary>
    public Lsn SnapshotLsn { get; }

    /// <summary>The size of its file.</summary>
    public long TotalBytes { get; }

    /// <summary>Everything before is here: what to make durable as the place to resume at.</summary>
    public long ContiguousBytes => throw new NotImplementedException();

    /// <summary>0 … 1.</summary>
    public double Progress => throw new NotImplementedException();

    /// <summary>Whether all of it is here; verify the whole file then.</summary>
    public bool IsComplete => throw new NotImplementedException();

    /// <summary>What to ask for: the first run of missing chunks. Null when complete.</summary>
    public ChunkRange? NextRequest() => throw new NotImplementedException();

    /// <summary>A chunk arrived.</summary>
    public ChunkVerdict OnChunk(long offset, int length, bool isChecksumRight) => throw new NotImplementedException();

    /// <summary>The chunk at this offset is written.</summary>
    public void Written(long offset) => throw new NotImplementedException();

    /// <summary>The whole file failed its verification: everything is to be fetched again.</summary>
    public void StartOver() => throw new NotImplementedException();
}
