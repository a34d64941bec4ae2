namespace BitArk.Cluster.Writes;

/// <summary>The memory that the state of all partitions of this node takes, against its limit. Any thread.</summary>
internal sealed class MemoryGate(long maxBytes)
{
    private long _used;

    /// <summary>Bytes taken now.</summary>
    public long UsedBytes => Volatile.Read(ref _used);

    /// <summary>Bytes allowed.</summary>
    public long LimitBytes => maxBytes;

    /// <summary>Whether marks are refused.</summary>
    public bool IsClosed => UsedBytes >= maxBytes;

    /// <summary>Tells how much one partition takes now, given what it told last.</summary>
    public void Report(long before, long now)
    {
        if (now != before)
            Interlocked.Add(ref _used, now - before);
    }
}
