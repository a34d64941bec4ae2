using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadTables;

/// <summary>Tables being rebuilt from a snapshot: filled item by item, in any order, then handed out. One thread at a time per region.</summary>
public sealed unsafe class ReadTableRestore : IDisposable
{
    private readonly List<TrackedRegion> _regions;
    private ReadTableSet? _tables;

    internal ReadTableRestore(ReadTableSet tables, List<TrackedRegion> regions)
    {
        _tables = tables;
        _regions = regions;
    }

    /// <summary>The tables own the regions 0 … this - 1; those from here on belong to others.</summary>
    public int RegionCount => _regions.Count;

    /// <summary>Puts an item's bytes where they were.</summary>
    /// <exception cref="InvalidDataException">The item lies outside the regions that the geometry describes.</exception>
    public void Write(int region, long offset, ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_tables is null, this);
        if (region < 0 || region >= _regions.Count || offset < 0 || offset > _regions[region].Bytes - bytes.Length)
        {
            throw new InvalidDataException($"An item of this snapshot lies outside its regions: region {region} of {_regions.Count}, offset {offset}, {bytes.Length} bytes.");
        }

        bytes.CopyTo(new Span<byte>(_regions[region].Address + offset, bytes.Length));
    }

    /// <summary>Hands the tables out; they belong to the caller now.</summary>
    public ReadTableSet Complete()
    {
        ObjectDisposedException.ThrowIf(_tables is null, this);
        var tables = _tables;
        _tables = null;
        return tables;
    }

    /// <summary>Drops tables that were not handed out.</summary>
    public void Dispose() => _tables?.Dispose();
}
