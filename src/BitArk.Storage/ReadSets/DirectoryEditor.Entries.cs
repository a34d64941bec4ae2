using System.Numerics;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <content>The directory's own block: entries put in, taken out, and overwritten.</content>
internal static unsafe partial class DirectoryEditor
{
    /// <summary>
    /// With so many entries no change that needs another is made: 64 MiB are the most that one change may have to move while readers wait. Part of the
    /// meaning of the log: with another number the same log would give another state.
    /// </summary>
    public const int MaxEntries = 1 << 22;

    // Decided from the content alone, before anything is changed. What is swallowed between both ends makes room first; the few entries that
    // one change adds at its ends may then exceed the bound.
    private static bool IsTooScattered(SetDirectory directory, long firstKey, long lastKey, bool add)
    {
        if (directory.Count < MaxEntries)
        {
            return false;
        }

        bool isFirst = directory.TryCovering(firstKey, out int first, out ChunkEntry firstEntry);
        bool isLast = directory.TryCovering(lastKey, out int last, out ChunkEntry lastEntry);
        bool mayGrow = add
            ? !(isFirst && isLast && first == last)
            : (isFirst && firstEntry.Kind == ChunkKind.Span) || (isLast && lastEntry.Kind == ChunkKind.Span);
        int swallowed = Math.Max(0, last - first - 1);
        return mayGrow && directory.Count - swallowed >= MaxEntries;
    }

    /// <summary>A new block with these entries.</summary>
    public static long Write(Slab slab, ReadOnlySpan<ChunkEntry> entries)
    {
        byte* block = SortedBlock.Create(slab, BlockBytes(entries.Length), out long reference);
        *(ulong*)block = (uint)entries.Length;
        entries.CopyTo(new Span<ChunkEntry>(block + SetDirectory.HeaderBytes, entries.Length));
        return reference;
    }

    /// <summary>Room grows in steps of an eighth for large directories, so that adding chunk after chunk copies each entry a few times only.</summary>
    public static int BlockBytes(int count)
    {
        const int ExactBelow = 256;
        if (count >= ExactBelow)
        {
            int step = 1 << (BitOperations.Log2((uint)count) - 3);
            count = checked((count + step - 1) & -step);
        }

        return checked(SetDirectory.HeaderBytes + (count * sizeof(ChunkEntry)));
    }

    private static void Set(Slab slab, ulong word, int index, ChunkEntry entry)
    {
        int offset = SetDirectory.HeaderBytes + (index * sizeof(ChunkEntry));
        slab.BeforeWrite(SetWord.Reference(word), offset, sizeof(ChunkEntry));
        *(ChunkEntry*)(slab.Resolve(SetWord.Reference(word), out _) + offset) = entry;
    }

    /// <summary>Puts entries in the place of others; returns the word, which differs when the block had to move.</summary>
    private static ulong Replace(Slab slab, ulong word, int index, int removed, scoped ReadOnlySpan<ChunkEntry> inserted)
    {
        long reference = SetWord.Reference(word);
        byte* block = slab.Resolve(reference, out _);
        int count = SetDirectory.Open(slab, word).Count;
        int newCount = count - removed + inserted.Length;
        Span<ChunkEntry> source = new(block + SetDirectory.HeaderBytes, count);
        if (SortedBlock.FitsInPlace(BlockBytes(count), BlockBytes(newCount)))
        {
            int offset = SetDirectory.HeaderBytes + (index * sizeof(ChunkEntry));
            slab.BeforeWrite(reference, 0, sizeof(ulong));
            slab.BeforeWrite(reference, offset, (Math.Max(count, newCount) - index) * sizeof(ChunkEntry));
            Span<ChunkEntry> target = new(block + SetDirectory.HeaderBytes, newCount);
            source[(index + removed)..].CopyTo(target[(index + inserted.Length)..]);
            inserted.CopyTo(target[index..]);
            *(ulong*)block = (uint)newCount;
            return word;
        }

        byte* moved = SortedBlock.Create(slab, BlockBytes(newCount), out long movedReference);
        Span<ChunkEntry> fresh = new(moved + SetDirectory.HeaderBytes, newCount);
        source[..index].CopyTo(fresh);
        inserted.CopyTo(fresh[index..]);
        source[(index + removed)..].CopyTo(fresh[(index + inserted.Length)..]);
        *(ulong*)moved = (uint)newCount;
        FreeBlock(slab, word, count);
        return SetWord.Directory(movedReference);
    }

    private static void FreeBlock(Slab slab, ulong word, int count) => slab.Free(SetWord.Reference(word), BlockBytes(count));
}
