namespace BitArk.Cluster.Writes;

/// <summary>
/// Counts the bytes of writes on their way and refuses more than allowed, before the mailbox: a mailbox that refuses
/// would drop other messages too. Any thread.
/// </summary>
internal sealed class AdmissionGate(long maxBytes)
{
    private long _pending;

    /// <summary>Bytes on their way now.</summary>
    public long PendingBytes => Volatile.Read(ref _pending);

    /// <summary>Charges a write. One that alone exceeds the limit is admitted while nothing else is on its way.</summary>
    public bool TryEnter(long bytes)
    {
        var after = Interlocked.Add(ref _pending, bytes);
        if (after <= maxBytes || after == bytes)
            return true;

        Interlocked.Add(ref _pending, -bytes);
        return false;
    }

    /// <summary>Gives back what a write was charged, once it has its outcome.</summary>
    public void Leave(long bytes) => Interlocked.Add(ref _pending, -bytes);
}
