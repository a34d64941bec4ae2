namespace BitArk.Storage.Tests.Disk;

/// <summary>
/// The content of one file: what a reader sees, and what the device holds. Written sectors are dirty until a sync; a power
/// cut keeps any subset of the dirty ones.
/// </summary>
internal sealed class MemoryFile
{
    public const int SectorBytes = 512;

    private readonly HashSet<int> _dirty = [];
    private byte[] _seen = [];
    private byte[] _durable = [];
    private bool _isLying;

    public int Length { get; private set; }

    private int DurableLength { get; set; }

    public ReadOnlySpan<byte> Content => _seen.AsSpan(0, Length);

    public int Read(long offset, Span<byte> into)
    {
        var count = (int)Math.Clamp(Length - offset, 0, into.Length);
        _seen.AsSpan((int)Math.Min(offset, Length), count).CopyTo(into);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var end = checked((int)offset + bytes.Length);
        if (end > Length)
            Resize(end);
        bytes.CopyTo(_seen.AsSpan((int)offset));
        MarkDirty((int)offset, end);
    }

    public void Resize(int length)
    {
        if (length > _seen.Length)
            Array.Resize(ref _seen, Math.Max(length, 2 * _seen.Length));
        if (length < Length)
            _seen.AsSpan(length, Length - length).Clear();
        MarkDirty(Math.Min(length, Length), Math.Max(length, Length));
        Length = length;
    }

    public void Sync()
    {
        foreach (var sector in _dirty)
            Persist(sector);
        DurableLength = Length;
        _dirty.Clear();
    }

    /// <summary>What a failed sync does on Linux: the pages count as clean, are still seen, and never reach the device.</summary>
    public void DropUnsynced()
    {
        _isLying = _dirty.Count > 0 || _isLying;
        _dirty.Clear();
    }

    public void Corrupt(Action<byte[]> change)
    {
        change(_seen);
        MarkDirty(0, Length);
        Sync();
    }

    /// <summary>The file as the next process finds it when the machine kept running.</summary>
    public MemoryFile Copy()
    {
        var copy = new MemoryFile { _seen = [.. _seen], _durable = [.. _durable], Length = Length, DurableLength = DurableLength, _isLying = _isLying };
        copy._dirty.UnionWith(_dirty);
        return copy;
    }

    /// <summary>The file as it is after a power cut: each dirty sector made it to the device or did not.</summary>
    public MemoryFile AfterPowerCut(Func<bool> survives)
    {
        var copy = Copy();
        if (Length != DurableLength && survives())
            copy.DurableLength = Length;
        foreach (var sector in _dirty.Order())
        {
            if (survives())
                copy.Persist(sector);
        }

        copy._dirty.Clear();
        copy._isLying = false;
        Array.Resize(ref copy._durable, Math.Max(copy._durable.Length, copy.DurableLength));
        copy._seen = [.. copy._durable];
        copy.Length = copy.DurableLength;
        copy._seen.AsSpan(copy.Length).Clear();
        return copy;
    }

    /// <summary>The same, to this file itself: of one that is clean nothing is copied.</summary>
    public void CutPower(Func<bool> survives)
    {
        if (_dirty.Count == 0 && Length == DurableLength && !_isLying)
            return;
        var left = AfterPowerCut(survives);
        (_seen, _durable, Length, DurableLength, _isLying) = (left._seen, left._durable, left.Length, left.DurableLength, false);
        _dirty.Clear();
    }

    private void MarkDirty(int from, int to)
    {
        for (var sector = from / SectorBytes; sector * SectorBytes < to; sector++)
            _dirty.Add(sector);
    }

    private void Persist(int sector)
    {
        var from = sector * SectorBytes;
        var to = Math.Min(from + SectorBytes, _seen.Length);
        if (_durable.Length < to)
            Array.Resize(ref _durable, Math.Max(to, 2 * _durable.Length));
        if (from < to)
            _seen.AsSpan(from, to - from).CopyTo(_durable.AsSpan(from));
    }
}
