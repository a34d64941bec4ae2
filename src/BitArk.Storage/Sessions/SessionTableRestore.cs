namespace BitArk.Storage.Sessions;

/// <summary>Fills a session table's memory from the items of a snapshot, in any order.</summary>
internal sealed class SessionTableRestore(SessionSlotsRestore live, SessionSlotsRestore evicted)
{
    /// <summary>Takes an item; false when its region is not one of the session table's.</summary>
    public bool TryFill(int region, long offset, ReadOnlySpan<byte> bytes) =>
        live.TryFill(region, offset, bytes) || evicted.TryFill(region, offset, bytes);

    /// <summary>All items are in: rebuilds what is not stored.</summary>
    public void Complete()
    {
        live.Complete();
        evicted.Complete();
    }
}

/// <summary>The same for one of its two sets of slots.</summary>
internal sealed unsafe class SessionSlotsRestore
{
    private readonly SessionSlots _slots;
    private readonly int _region;
    private readonly int _used;

    public SessionSlotsRestore(SessionSlots slots, int region, int used)
    {
        if (used < 0 || used > slots.Capacity)
            throw new InvalidDataException($"The snapshot has {used} session slots; there is room for {slots.Capacity}.");
        _slots = slots;
        _region = region;
        _used = used;
    }

    public bool TryFill(int region, long offset, ReadOnlySpan<byte> bytes)
    {
        if (region != _region)
            return false;
        if (offset < 0 || offset > _slots.Region.Bytes - bytes.Length)
            throw new InvalidDataException($"A session item of {bytes.Length} bytes at {offset} lies outside its memory.");
        bytes.CopyTo(new Span<byte>(_slots.Region.Address + offset, bytes.Length));
        return true;
    }

    public void Complete() => _slots.Rebuild(_used);
}
