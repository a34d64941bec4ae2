using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>Reads of one chunk, whatever its kind. Offsets are 0 … 65535. Safe against content that is being rewritten.</summary>
internal static unsafe class ChunkReader
{
    public static bool Contains(Slab slab, ChunkEntry entry, int offset) => entry.Kind switch
    {
        ChunkKind.Span => true,
        ChunkKind.Bitmap => TryBits(slab, entry, out ulong* bits) && ChunkBits.Contains(bits, offset),
        _ => ChunkEntry.List(slab, &entry).Contains((ulong)offset),
    };

    /// <summary>Members from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public static long Count(Slab slab, ChunkEntry entry, int from, int to) => entry.Kind switch
    {
        ChunkKind.Span => to - from,
        ChunkKind.Bitmap => TryBits(slab, entry, out ulong* bits) ? ChunkBits.Count(bits, from, to) : 0,
        _ => ChunkEntry.List(slab, &entry).Count((ulong)from, (ulong)to),
    };

    /// <summary>All members, without a look at the block.</summary>
    public static long Cardinality(Slab slab, ChunkEntry entry) =>
        entry.Kind == ChunkKind.Span ? entry.SpanChunks << 16
        : entry.IsInline ? Count(slab, entry, 0, ChunkEntry.Ids)
        : entry.Shape.Cardinality;

    /// <summary>The first offset at or after <paramref name="from"/> that is no member; 65536 when all are.</summary>
    public static int NextUnset(Slab slab, ChunkEntry entry, int from) => entry.Kind switch
    {
        ChunkKind.Span => ChunkEntry.Ids,
        ChunkKind.Bitmap => TryBits(slab, entry, out ulong* bits) ? ChunkBits.Next(bits, from, value: false) : from,
        _ => (int)Math.Min(ChunkEntry.List(slab, &entry).NextUnset((ulong)from), ChunkEntry.Ids),
    };

    /// <summary>Adds the chunk's ranges from an offset on to the sink; false when it is full.</summary>
    public static bool Ranges(Slab slab, ChunkEntry entry, int from, ref RangeSink sink)
    {
        long origin = entry.Key << 16;
        if (entry.Kind == ChunkKind.Span)
        {
            return sink.Add(origin + from, origin + (entry.SpanChunks << 16) - 1);
        }

        if (entry.Kind == ChunkKind.Bitmap)
        {
            return !TryBits(slab, entry, out ulong* bits) || RangesOfBits(bits, origin, from, ref sink);
        }

        OffsetRuns<ushort> runs = new(ChunkEntry.List(slab, &entry), (ulong)from);
        while (runs.Next(out ulong start, out ulong end))
        {
            if (!sink.Add(origin + (long)start, origin + (long)end - 1))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The shape of a chunk that is no span.</summary>
    public static ChunkShape Shape(Slab slab, ChunkEntry entry)
    {
        if (!entry.IsInline)
        {
            return entry.Shape;
        }

        OffsetList<ushort> list = ChunkEntry.List(slab, &entry);
        OffsetRuns<ushort> walk = new(list, 0);
        int members = 0;
        int runs = 0;
        bool edge = false;
        for (; walk.Next(out ulong start, out ulong end); runs++)
        {
            members += (int)(end - start);
            edge = end == ChunkEntry.Ids;
        }

        return new ChunkShape(members, runs, edge);
    }

    public static bool TryBits(Slab slab, ChunkEntry entry, out ulong* bits)
    {
        bits = (ulong*)slab.Resolve(entry.Reference, out int available);
        return available >= ChunkBits.Bytes;
    }

    private static bool RangesOfBits(ulong* bits, long origin, int from, ref RangeSink sink)
    {
        int start = ChunkBits.Next(bits, from, value: true);
        while (start < ChunkEntry.Ids)
        {
            // At least one on, even if the bit was cleared since it was found.
            int end = Math.Max(ChunkBits.Next(bits, start, value: false), start + 1);
            if (!sink.Add(origin + start, origin + end - 1))
            {
                return false;
            }

            start = ChunkBits.Next(bits, end, value: true);
        }

        return true;
    }
}
