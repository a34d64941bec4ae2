using System.Numerics;

namespace BitArk.Storage.Wal;

/// <summary>
/// The newest durable bytes of a log in memory, so that followers and the state's writer that keep up cost no disk read.
/// A byte at position p lies at <c>p mod capacity</c>. One writer, which never waits; readers copy first and check
/// afterwards whether what they copied was still there.
/// <code>
/// low &lt;= every position a reader may copy &lt; high
/// </code>
/// The gap between two segments is part of the range, but holds no record: readers never copy across it.
/// </summary>
internal sealed class LogTailRing
{
    private readonly byte[] _bytes;
    private readonly int _mask;
    private long _low;
    private long _high;
    private long _cuts;

    /// <summary>An empty ring whose first bytes will stand at <paramref name="at"/>.</summary>
    /// <param name="capacity">Rounded up to a power of two.</param>
    /// <param name="at">The log's end.</param>
    public LogTailRing(int capacity, Lsn at)
    {
        _bytes = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)capacity));
        _mask = _bytes.Length - 1;
        _low = _high = at.Value;
    }

    /// <summary>Takes the bytes of a batch that is durable from <paramref name="start"/> to <paramref name="end"/>. Writer only.</summary>
    /// <param name="start">Where the ring ended.</param>
    /// <param name="bytes">Within one segment.</param>
    /// <param name="end">The position after them; beyond the last byte where a segment ends.</param>
    public void Publish(Lsn start, ReadOnlySpan<byte> bytes, Lsn end)
    {
        var isTooLarge = bytes.Length > _bytes.Length;
        var low = isTooLarge ? end.Value : Math.Max(_low, start.Value + bytes.Length - _bytes.Length);
        Volatile.Write(ref _low, low);
        // No byte may be overwritten before every reader can see that its old position is gone.
        Interlocked.MemoryBarrier();
        if (!isTooLarge)
            Put(start.Value, bytes);
        Volatile.Write(ref _high, end.Value);
    }

    /// <summary>Forgets what lies behind a cut. Writer only.</summary>
    public void CutTo(Lsn cut)
    {
        // High before the count, and both before anything is written over: a reader that began before sees another
        // count at its end, one that begins later sees the new end.
        Volatile.Write(ref _high, Math.Min(_high, cut.Value));
        Volatile.Write(ref _low, Math.Min(_low, cut.Value));
        Interlocked.Increment(ref _cuts);
    }

    /// <summary>
    /// Copies what stands from a position on, as much as there is and fits; 0 when the position is not in the ring, or
    /// was overwritten meanwhile. Any thread.
    /// </summary>
    public int TryCopy(Lsn from, Span<byte> into)
    {
        var cuts = Volatile.Read(ref _cuts);
        var high = Volatile.Read(ref _high);
        if (from.Value < Volatile.Read(ref _low) || from.Value >= high)
            return 0;
        var count = (int)Math.Min(Math.Min(into.Length, _bytes.Length), high - from.Value);
        Get(from.Value, into[..count]);
        // The copy is complete before the checks are read.
        Interlocked.MemoryBarrier();
        return from.Value >= Volatile.Read(ref _low) && cuts == Volatile.Read(ref _cuts) ? count : 0;
    }

    private void Put(long at, ReadOnlySpan<byte> bytes)
    {
        var index = (int)(at & _mask);
        var first = Math.Min(bytes.Length, _bytes.Length - index);
        bytes[..first].CopyTo(_bytes.AsSpan(index));
        bytes[first..].CopyTo(_bytes);
    }

    private void Get(long at, Span<byte> into)
    {
        var index = (int)(at & _mask);
        var first = Math.Min(into.Length, _bytes.Length - index);
        _bytes.AsSpan(index, first).CopyTo(into);
        _bytes.AsSpan(0, into.Length - first).CopyTo(into[first..]);
    }
}
