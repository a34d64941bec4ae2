using System.Collections.Concurrent;

namespace BitArk.Cluster.Writes;

/// <summary>Keeps finished <see cref="PendingWrite"/>s for the next ones, up to a bound. Any thread.</summary>
internal sealed class WritePool
{
    /// <summary>As many as wait at a time under heavy load; a burst beyond it is left to the collector.</summary>
    private const int MaxKept = 4096;

    private readonly ConcurrentQueue<PendingWrite> _idle = new();
    private int _kept;

    /// <summary>An idle write, or a new one.</summary>
    public PendingWrite Rent()
    {
        if (!_idle.TryDequeue(out var write))
            return new PendingWrite(this);

        Interlocked.Decrement(ref _kept);
        return write;
    }

    /// <summary>Takes a write back that nothing refers to any more.</summary>
    public void Return(PendingWrite write)
    {
        if (Interlocked.Increment(ref _kept) <= MaxKept)
            _idle.Enqueue(write);
        else
            Interlocked.Decrement(ref _kept);
    }
}
