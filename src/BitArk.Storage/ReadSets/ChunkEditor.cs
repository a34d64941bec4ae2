using System.Numerics;
using System.Runtime.CompilerServices;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// Changes one chunk that is no span. One id is changed in place; a range, or a change of kind, goes through a bitmap on
/// the stack. The result may be empty or full: then the chunk's block is freed and the directory drops or spans it.
/// </summary>
internal static unsafe class ChunkEditor
{
    /// <summary>What became of a chunk.</summary>
    public enum Outcome
    {
        Unchanged,
        Changed,
        Empty,
        Full,
    }

    /// <summary>A chunk of one run.</summary>
    public static ChunkEntry OneRun(long key, int from, int to)
    {
        if (from == to)
        {
            return ChunkEntry.Inline(key, ChunkKind.InlineValues, 1, (ulong)from);
        }

        return to == ChunkEntry.Ids - 1
            ? ChunkEntry.Inline(key, ChunkKind.InlineBounds, 1, (ulong)from)
            : ChunkEntry.Inline(key, ChunkKind.InlineBounds, 2, (uint)from | ((ulong)(uint)(to + 1) << 16));
    }

    /// <summary>A full chunk that lost a run, but not all: a hole in a span.</summary>
    [SkipLocalsInit]
    public static ChunkEntry FullBut(Slab slab, long key, int from, int to)
    {
        ulong* bits = stackalloc ulong[ChunkBits.Words];
        ChunkBits.Fill(bits, 0, ChunkEntry.Ids - 1, value: true);
        ChunkBits.Fill(bits, from, to, value: false);
        return Encode(slab, key, bits);
    }

    /// <summary>A new entry for the members in <paramref name="bits"/>, neither none nor all.</summary>
    public static ChunkEntry Encode(Slab slab, long key, ulong* bits)
    {
        ChunkShape shape = ChunkBits.Shape(bits);
        return Encode(slab, key, bits, shape, shape.Choose(ChunkKind.Span), 0, 0);
    }

    /// <summary>Adds or removes a range of offsets; <paramref name="changed"/> says how many.</summary>
    public static Outcome Edit(Slab slab, ref ChunkEntry entry, int from, int to, bool add, out int changed)
    {
        changed = (int)ChunkReader.Count(slab, entry, from, to + 1);
        changed = add ? to - from + 1 - changed : changed;
        if (changed == 0)
        {
            return Outcome.Unchanged;
        }

        ChunkShape old = ChunkReader.Shape(slab, entry);
        int members = old.Cardinality + (add ? changed : -changed);
        if (members is 0 or ChunkEntry.Ids)
        {
            Free(slab, entry);
            return members == 0 ? Outcome.Empty : Outcome.Full;
        }

        if (from == to)
        {
            bool left = from > 0 && ChunkReader.Contains(slab, entry, from - 1);
            bool right = from < ChunkEntry.Ids - 1 && ChunkReader.Contains(slab, entry, from + 1);
            ChunkShape shape = old.Toggled(add, left, right, from == ChunkEntry.Ids - 1);
            if (shape.Choose(entry.Kind) == entry.Kind)
            {
                entry = Toggle(slab, entry, old, shape, from, add);
                return Outcome.Changed;
            }
        }

        EditBits(slab, ref entry, from, to, add);
        return Outcome.Changed;
    }

    /// <summary>Gives a chunk's block back, if it has one.</summary>
    public static void Free(Slab slab, ChunkEntry entry)
    {
        if (entry.Kind != ChunkKind.Span && !entry.IsInline)
        {
            slab.Free(entry.Reference, entry.Shape.BlockBytes(entry.Kind));
        }
    }

    private static ChunkEntry Toggle(Slab slab, ChunkEntry entry, ChunkShape old, ChunkShape shape, int offset, bool add)
    {
        ChunkKind kind = entry.Kind;
        if (kind == ChunkKind.Bitmap)
        {
            slab.BeforeWrite(entry.Reference, offset >> 6 << 3, sizeof(ulong));
            ChunkBits.Fill((ulong*)slab.Resolve(entry.Reference, out _), offset, offset, add);
            return ChunkEntry.Block(entry.Key, kind, shape, entry.Reference);
        }

        OffsetList<ushort> list = ChunkEntry.List(slab, &entry);
        Splice splice = list.Form == SetForm.Bounds
            ? Splice.ToggleEdges(list, (ulong)offset, ChunkEntry.Ids)
            : Splice.ToggleItem(list, (ulong)offset);
        if (entry.IsInline)
        {
            ulong items = 0;
            for (int index = 0; index < list.Items; index++)
            {
                items |= list[index] << (16 * index);
            }

            splice.Apply((ushort*)&items, list.Items, (ushort*)&items);
            return ChunkEntry.Inline(entry.Key, kind, list.Items + splice.Growth, items);
        }

        long reference = SortedBlock.Apply<ushort>(slab, entry.Reference, 0, old.Items(kind), splice);
        return ChunkEntry.Block(entry.Key, kind, shape, reference);
    }

    [SkipLocalsInit]
    private static void EditBits(Slab slab, ref ChunkEntry entry, int from, int to, bool add)
    {
        ulong* bits = stackalloc ulong[ChunkBits.Words];
        Decode(slab, entry, bits);
        ChunkBits.Fill(bits, from, to, add);
        ChunkShape shape = ChunkBits.Shape(bits);
        bool hasBlock = !entry.IsInline;
        int oldBytes = hasBlock ? entry.Shape.BlockBytes(entry.Kind) : 0;
        entry = Encode(slab, entry.Key, bits, shape, shape.Choose(entry.Kind), hasBlock ? entry.Reference : 0, oldBytes);
    }

    private static void Decode(Slab slab, ChunkEntry entry, ulong* bits)
    {
        if (entry.Kind == ChunkKind.Bitmap)
        {
            Buffer.MemoryCopy(slab.Resolve(entry.Reference, out _), bits, ChunkBits.Bytes, ChunkBits.Bytes);
            return;
        }

        new Span<ulong>(bits, ChunkBits.Words).Clear();
        OffsetRuns<ushort> runs = new(ChunkEntry.List(slab, &entry), 0);
        while (runs.Next(out ulong start, out ulong end))
        {
            ChunkBits.Fill(bits, (int)start, (int)end - 1, value: true);
        }
    }

    private static ChunkEntry Encode(Slab slab, long key, ulong* bits, ChunkShape shape, ChunkKind kind, long oldReference, int oldBytes)
    {
        int count = shape.Items(kind);
        if (kind >= ChunkKind.InlineValues)
        {
            if (oldReference != 0)
            {
                slab.Free(oldReference, oldBytes);
            }

            ulong items = 0;
            WriteItems(bits, kind, (ushort*)&items);
            return ChunkEntry.Inline(key, kind, count, items);
        }

        byte* block = SortedBlock.Recreate(slab, ref oldReference, oldBytes, shape.BlockBytes(kind));
        if (kind == ChunkKind.Bitmap)
        {
            Buffer.MemoryCopy(bits, block, ChunkBits.Bytes, ChunkBits.Bytes);
        }
        else
        {
            WriteItems(bits, kind, (ushort*)block);
        }

        return ChunkEntry.Block(key, kind, shape, oldReference);
    }

    private static void WriteItems(ulong* bits, ChunkKind kind, ushort* items)
    {
        if (kind is ChunkKind.Bounds or ChunkKind.InlineBounds)
        {
            bool member = true;
            for (int next = ChunkBits.Next(bits, 0, member); next < ChunkEntry.Ids; next = ChunkBits.Next(bits, next, member))
            {
                *items++ = (ushort)next;
                member = !member;
            }

            return;
        }

        ulong flip = kind is ChunkKind.Holes or ChunkKind.InlineHoles ? ulong.MaxValue : 0;
        for (int index = 0; index < ChunkBits.Words; index++)
        {
            for (ulong word = bits[index] ^ flip; word != 0; word &= word - 1)
            {
                *items++ = (ushort)((index << 6) + BitOperations.TrailingZeroCount(word));
            }
        }
    }
}
