using BitArk.Storage.Memory;

namespace BitArk.Storage.Sessions;

/// <summary>
/// Slots of one size in native memory, found by session and ordered by last use. The bytes are the state and travel in a
/// snapshot; the index and the order beside them are rebuilt from the bytes, for no two sessions share a last-used
/// position. Every slot begins <c>session i64 | last-used position i64 | highest sequence i64</c>; session 0 is a free slot. One writer.
/// </summary>
internal sealed unsafe class SessionSlots : IDisposable
{
    /// <summary>What the index costs per slot beside the slot itself; part of the byte bound.</summary>
    public const int IndexBytes = 40;

    /// <summary>The fields every slot begins with.</summary>
    public const int PrefixBytes = 24;

    private const int None = -1;

    private readonly Dictionary<long, int> _index = [];
    private readonly Stack<int> _free = [];
    private readonly int _slotBytes;
    private readonly long _mappedBytes;
    private (int Older, int Newer)[] _order = [];
    private int _newest = None;

    public SessionSlots(int slotBytes, int capacity)
    {
        _slotBytes = slotBytes;
        Capacity = capacity;
        _mappedBytes = (((long)slotBytes * capacity) + Mmap.PageBytes - 1) & -Mmap.PageBytes;
        Region = new TrackedRegion(Mmap.Map(_mappedBytes), _mappedBytes);
    }

    /// <summary>The memory; only <see cref="UsedBytes"/> of it were ever written.</summary>
    public TrackedRegion Region { get; }

    public int Capacity { get; }

    public int Count => _index.Count;

    /// <summary>Slots that were ever taken.</summary>
    public int Used { get; private set; }

    public long UsedBytes => (long)Used * _slotBytes;

    /// <summary>The slot used longest ago; -1 when there is none.</summary>
    public int Oldest { get; private set; } = None;

    public bool IsFull => Count == Capacity;

    public int Find(long session) => _index.TryGetValue(session, out var slot) ? slot : None;

    public ReadOnlySpan<byte> Read(int slot) => new(AddressOf(slot), _slotBytes);

    /// <summary>The bytes of a slot, or a part of them, to be changed.</summary>
    public Span<byte> Write(int slot, int offset, int length)
    {
        Region.BeforeWrite(((long)slot * _slotBytes) + offset, length);
        return new Span<byte>(AddressOf(slot) + offset, length);
    }

    public long Session(int slot) => Field(slot, 0);

    public long LastUsed(int slot) => Field(slot, 1);

    public long Highest(int slot) => Field(slot, 2);

    /// <summary>Takes a zeroed slot for a session that has none; the caller has made room.</summary>
    public int Add(long session, long lastUsed, long highest)
    {
        var slot = _free.TryPop(out var reused) ? reused : Used++;
        var bytes = Write(slot, 0, _slotBytes);
        bytes.Clear();
        var fields = (long*)AddressOf(slot);
        fields[0] = session;
        fields[1] = lastUsed;
        fields[2] = highest;
        _index.Add(session, slot);
        LinkNewest(slot);
        return slot;
    }

    /// <summary>Makes a slot the last used one.</summary>
    public void Touch(int slot, long lastUsed)
    {
        Region.BeforeWrite(((long)slot * _slotBytes) + sizeof(long), sizeof(long));
        ((long*)AddressOf(slot))[1] = lastUsed;
        Unlink(slot);
        LinkNewest(slot);
    }

    public void SetHighest(int slot, long highest)
    {
        Region.BeforeWrite(((long)slot * _slotBytes) + (2 * sizeof(long)), sizeof(long));
        ((long*)AddressOf(slot))[2] = highest;
    }

    public void Remove(int slot)
    {
        _index.Remove(Session(slot));
        Unlink(slot);
        Write(slot, 0, _slotBytes).Clear();
        _free.Push(slot);
    }

    /// <summary>Rebuilds index and order from bytes that were put into <see cref="Region"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no session slots.</exception>
    public void Rebuild(int used)
    {
        Used = used;
        var byUse = new List<(long LastUsed, int Slot)>();
        for (var slot = used - 1; slot >= 0; slot--)
        {
            if (Session(slot) == 0)
                _free.Push(slot);
            else if (Session(slot) < 0 || !_index.TryAdd(Session(slot), slot))
                throw new InvalidDataException($"Session {Session(slot)} is there twice or out of range.");
            else
                byUse.Add((LastUsed(slot), slot));
        }

        byUse.Sort();
        foreach (var (_, slot) in byUse)
            LinkNewest(slot);
    }

    public void Dispose() => Mmap.Unmap(Region.Address, _mappedBytes);

    private byte* AddressOf(int slot) => Region.Address + ((long)slot * _slotBytes);

    private long Field(int slot, int field) => ((long*)AddressOf(slot))[field];

    private void LinkNewest(int slot)
    {
        if (slot >= _order.Length)
            Array.Resize(ref _order, Math.Min(Capacity, Math.Max(slot + 1, _order.Length * 2)));
        _order[slot] = (_newest, None);
        if (_newest != None)
            _order[_newest].Newer = slot;
        else
            Oldest = slot;
        _newest = slot;
    }

    private void Unlink(int slot)
    {
        var (older, newer) = _order[slot];
        if (older != None)
            _order[older].Newer = newer;
        else
            Oldest = newer;
        if (newer != None)
            _order[newer].Older = older;
        else
            _newest = older;
    }
}
