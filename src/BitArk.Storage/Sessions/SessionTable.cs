using System.Runtime.InteropServices;

namespace BitArk.Storage.Sessions;

/// <summary>
/// Makes repeated writes safe: per session the exact window of sequences that were applied, with what each changed. It is
/// part of the replicated state: decided while a record is applied, from the log alone, so every replica and every replay
/// decides alike. Sessions leave by position in the log, never by a clock.
/// <list type="bullet">
/// <item>The window of a session is the <c>W</c> sequences up to its highest. Inside it any order is fine (a session's writes
/// spread over partitions, so each sees gaps); below it a sequence is <see cref="SessionDecision.Expired"/>.</item>
/// <item>An unknown session begins at whatever sequence comes first, for the same reason: a high one is a new session that
/// wrote elsewhere before.</item>
/// <item>When the table is full the session used longest ago is evicted. Of it only the highest sequence is remembered
/// (7/8 of the bytes are for live sessions, 1/8 for evicted ones): up to that it is expired, above it the session comes back
/// to life. A session so old that this is forgotten too counts as new; with 64 MiB and a window of 64 that takes some 35,000
/// newer sessions in the partition, and 130,000 after those.</item>
/// </list>
/// Every constant and formula here decides what is evicted when: changing one changes the meaning of existing logs. One writer.
/// </summary>
public sealed partial class SessionTable : IDisposable
{
    /// <summary>The largest window.</summary>
    public const int MaxWindow = 4096;

    /// <summary>The largest bound.</summary>
    public const long MaxBytes = 16L << 30;

    private const int HeaderBytes = SessionSlots.PrefixBytes + sizeof(long);
    private const int LeastSessions = 16;

    private readonly SessionSlots _live;
    private readonly SessionSlots _evicted;

    /// <summary>An empty table.</summary>
    /// <param name="window">Sequences remembered per session, 1 … <see cref="MaxWindow"/>.</param>
    /// <param name="maxBytes">Bound of its memory, index included: <see cref="MinBytes"/> … <see cref="MaxBytes"/>.</param>
    public SessionTable(int window, long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, MaxWindow);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, MinBytes(window));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, MaxBytes);
        Window = window;
        BoundBytes = maxBytes;
        _live = new SessionSlots(SlotBytes(window), (int)(maxBytes / 8 * 7 / (SlotBytes(window) + SessionSlots.IndexBytes)));
        _evicted = new SessionSlots(SessionSlots.PrefixBytes, (int)(maxBytes / 8 / (SessionSlots.PrefixBytes + SessionSlots.IndexBytes)));
    }

    /// <summary>Sequences remembered per session.</summary>
    public int Window { get; }

    /// <summary>The bound of the table's memory.</summary>
    public long BoundBytes { get; }

    /// <summary>Sessions with a window.</summary>
    public int Count => _live.Count;

    /// <summary>Evicted sessions whose highest sequence is remembered.</summary>
    public int EvictedCount => _evicted.Count;

    /// <summary>How many sessions can have a window at a time.</summary>
    public int Capacity => _live.Capacity;

    /// <summary>How many evicted ones can be remembered.</summary>
    public int EvictedCapacity => _evicted.Capacity;

    /// <summary>The smallest bound that holds a useful number of sessions.</summary>
    public static long MinBytes(int window) => ((long)LeastSessions * (SlotBytes(window) + SessionSlots.IndexBytes) / 7 * 8) + 64;

    /// <summary>
    /// Decides what a sequence means. For <see cref="SessionDecision.Apply"/> the caller applies the operations and calls
    /// <see cref="Record"/>; for <see cref="SessionDecision.Repeat"/> <paramref name="changed"/> holds the recorded counts.
    /// </summary>
    /// <param name="session">1 … 2^63-2.</param>
    /// <param name="sequence">&gt;= 1.</param>
    /// <param name="at">Where the record ends: the session was used here.</param>
    /// <param name="changed">As long as the record has operations.</param>
    /// <param name="lowest">The lowest sequence that would not be expired.</param>
    public SessionDecision Decide(SessionId session, long sequence, Lsn at, Span<long> changed, out long lowest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(session.Value, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        var slot = _live.Find(session.Value);
        if (slot < 0)
        {
            var evicted = _evicted.Find(session.Value);
            var floor = evicted < 0 ? 0 : _evicted.Highest(evicted);
            lowest = Above(floor);
            return sequence <= floor ? SessionDecision.Expired : SessionDecision.Apply;
        }

        _live.Touch(slot, at.Value);
        var below = Below(slot);
        lowest = Above(below);
        if (sequence <= below)
            return SessionDecision.Expired;
        var cell = _live.Read(slot).Slice(CellOffset(sequence), SessionResult.Size);
        if (sequence > _live.Highest(slot) || !SessionResult.IsApplied(cell))
            return SessionDecision.Apply;
        SessionResult.TryRead(cell, changed);
        return SessionDecision.Repeat;
    }

    /// <summary>Remembers that a sequence was applied in the record that ends at <paramref name="at"/>, and what it changed.</summary>
    public void Record(SessionId session, long sequence, Lsn at, ReadOnlySpan<long> changed)
    {
        var slot = _live.Find(session.Value);
        if (slot < 0)
            slot = Begin(session, sequence, at);
        else if (sequence > _live.Highest(slot))
            Advance(slot, sequence);
        SessionResult.Write(_live.Write(slot, CellOffset(sequence), SessionResult.Size), changed);
    }

    /// <summary>Order-independent checksum of the content; writer or quiescent only.</summary>
    public ulong Digest() => unchecked(DigestOf(_live, seed: 1) + DigestOf(_evicted, seed: 2));

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _live.Dispose();
        _evicted.Dispose();
    }

    private static int SlotBytes(int window) => HeaderBytes + (window * SessionResult.Size);

    private int CellOffset(long sequence) => HeaderBytes + ((int)(sequence % Window) * SessionResult.Size);

    // The highest sequence that is expired.
    private long Below(int slot) =>
        Math.Max(MemoryMarshal.Read<long>(_live.Read(slot)[SessionSlots.PrefixBytes..]), _live.Highest(slot) - Window);

    // A session may have used the very last sequence: nothing lies above it.
    private static long Above(long sequence) => Math.Min(sequence, long.MaxValue - 1) + 1;

    private int Begin(SessionId session, long sequence, Lsn at)
    {
        var floor = 0L;
        var evicted = _evicted.Find(session.Value);
        if (evicted >= 0)
        {
            floor = _evicted.Highest(evicted);
            _evicted.Remove(evicted);
        }

        if (_live.IsFull)
            EvictOldest();
        var slot = _live.Add(session.Value, at.Value, sequence);
        MemoryMarshal.Write(_live.Write(slot, SessionSlots.PrefixBytes, sizeof(long)), floor);
        return slot;
    }

    private void EvictOldest()
    {
        if (_evicted.IsFull)
            _evicted.Remove(_evicted.Oldest);
        var oldest = _live.Oldest;
        _evicted.Add(_live.Session(oldest), _live.LastUsed(oldest), _live.Highest(oldest));
        _live.Remove(oldest);
    }

    private void Advance(int slot, long sequence)
    {
        var highest = _live.Highest(slot);
        // What falls out of the window gives its cells to what enters it: those are not applied yet.
        if (sequence - highest >= Window)
            _live.Write(slot, HeaderBytes, Window * SessionResult.Size).Clear();
        else
            for (var ahead = 1; ahead <= sequence - highest; ahead++)
                _live.Write(slot, CellOffset(highest + ahead), SessionResult.Size).Clear();
        _live.SetHighest(slot, sequence);
    }

    private static ulong DigestOf(SessionSlots slots, long seed)
    {
        var sum = 0UL;
        for (var slot = 0; slot < slots.Used; slot++)
        {
            if (slots.Session(slot) != 0)
                sum = unchecked(sum + System.IO.Hashing.XxHash3.HashToUInt64(slots.Read(slot), seed));
        }

        return sum;
    }
}
