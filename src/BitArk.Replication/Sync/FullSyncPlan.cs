namespace BitArk.Replication.Sync;

/// <summary>
/// Which pieces of a snapshot file are here, and which to ask for. The file is cut into chunks of one size from its beginning
/// on (the last may be shorter), each of which is right or not by itself: a bad one is asked for again, alone. One bit of
/// memory for each chunk. One for each transfer; one thread.
/// </summary>
public sealed class FullSyncPlan
{
    private readonly int _chunkBytes;
    private readonly System.Collections.BitArray _have;
    private int _firstMissing;
    private int _count;

    /// <summary>Goes on from what a transfer before it left.</summary>
    /// <param name="snapshotLsn">Which snapshot.</param>
    /// <param name="totalBytes">The size of its file, above 0, at most 2^31-1 chunks.</param>
    /// <param name="chunkBytes">The size of a chunk, above 0.</param>
    /// <param name="haveBytes">What is durable here from the beginning on, 0 … <paramref name="totalBytes"/>; a part of a chunk is fetched again.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public FullSyncPlan(Lsn snapshotLsn, long totalBytes, int chunkBytes, long haveBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(totalBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(haveBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(haveBytes, totalBytes);
        var chunks = ((totalBytes - 1) / chunkBytes) + 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunks, int.MaxValue, nameof(totalBytes));
        SnapshotLsn = snapshotLsn;
        TotalBytes = totalBytes;
        _chunkBytes = chunkBytes;
        _have = new System.Collections.BitArray((int)chunks);
        var whole = haveBytes == totalBytes ? (int)chunks : (int)(haveBytes / chunkBytes);
        for (var i = 0; i < whole; i++)
        {
            _have[i] = true;
        }

        _count = whole;
        _firstMissing = whole;
    }

    /// <summary>Which snapshot.</summary>
    public Lsn SnapshotLsn { get; }

    /// <summary>The size of its file.</summary>
    public long TotalBytes { get; }

    /// <summary>Everything before is here: what to make durable as the place to resume at.</summary>
    public long ContiguousBytes => Math.Min((long)_firstMissing * _chunkBytes, TotalBytes);

    /// <summary>0 … 1.</summary>
    public double Progress => (double)_count / _have.Length;

    /// <summary>Whether all of it is here; verify the whole file then.</summary>
    public bool IsComplete => _count == _have.Length;

    /// <summary>What to ask for: the first run of missing chunks. Null when complete.</summary>
    public ChunkRange? NextRequest()
    {
        if (IsComplete)
            return null;
        var end = _firstMissing + 1;
        while (end < _have.Length && !_have[end])
        {
            end++;
        }

        return new ChunkRange(ContiguousBytes, Math.Min((long)end * _chunkBytes, TotalBytes) - ContiguousBytes);
    }

    /// <summary>A chunk arrived.</summary>
    /// <param name="offset">Bytes from the beginning of the file.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="isChecksumRight">Whether they are those the sender read.</param>
    public ChunkVerdict OnChunk(long offset, int length, bool isChecksumRight)
    {
        if (offset < 0 || offset >= TotalBytes || offset % _chunkBytes != 0 || length != Math.Min(_chunkBytes, TotalBytes - offset))
            return ChunkVerdict.Misplaced;
        if (_have[(int)(offset / _chunkBytes)])
            return ChunkVerdict.Duplicate;
        return isChecksumRight ? ChunkVerdict.Write : ChunkVerdict.AskAgain;
    }

    /// <summary>The chunk at this offset, called <see cref="ChunkVerdict.Write"/>, is written.</summary>
    public void Written(long offset)
    {
        var chunk = (int)(offset / _chunkBytes);
        if (_have[chunk])
            return;
        _have[chunk] = true;
        _count++;
        while (_firstMissing < _have.Length && _have[_firstMissing])
        {
            _firstMissing++;
        }
    }

    /// <summary>The whole file failed its verification: everything is to be fetched again.</summary>
    public void StartOver()
    {
        _have.SetAll(false);
        _count = 0;
        _firstMissing = 0;
    }
}
