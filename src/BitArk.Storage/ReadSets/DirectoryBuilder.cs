using System.Buffers;
using System.Runtime.CompilerServices;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>Makes a directory from ranges: when a list form has grown too large for one block.</summary>
internal static unsafe class DirectoryBuilder
{
    /// <summary>Writes a new directory for ascending ranges that do not touch; returns its word.</summary>
    public static ulong Build(Slab slab, ReadOnlySpan<MessageRange> ranges)
    {
        // A range lies in at most two chunks in part and in one span of full ones.
        ChunkEntry[] entries = ArrayPool<ChunkEntry>.Shared.Rent(3 * ranges.Length);
        int count = 0;
        long next = ranges[0].From;
        for (int index = 0; index < ranges.Length;)
        {
            next = Math.Max(next, ranges[index].From);
            long key = next >> 16;
            long last = ranges[index].To;
            bool fullFromHere = (next & 0xFFFF) == 0 && last - next >= ChunkEntry.Ids - 1;
            if (fullFromHere)
            {
                long chunks = ((last + 1) >> 16) - key;
                entries[count++] = ChunkEntry.Span(key, chunks);
                next = (key + chunks) << 16;
                index += next > last ? 1 : 0;
                continue;
            }

            entries[count++] = BuildChunk(slab, key, ranges[index..], next, out int done);
            index += done;
            next = (key + 1) << 16;
        }

        long reference = DirectoryEditor.Write(slab, entries.AsSpan(0, count));
        ArrayPool<ChunkEntry>.Shared.Return(entries);
        return SetWord.Directory(reference);
    }

    /// <summary>One chunk that is not full, from the ranges that begin in it or reach into it; <paramref name="done"/>: how many of them end in it.</summary>
    [SkipLocalsInit]
    private static ChunkEntry BuildChunk(Slab slab, long key, ReadOnlySpan<MessageRange> ranges, long next, out int done)
    {
        long first = key << 16;
        long last = first + (ChunkEntry.Ids - 1);
        if (ranges.Length == 1 || ranges[1].From > last)
        {
            done = ranges[0].To <= last ? 1 : 0;
            return ChunkEditor.OneRun(key, (int)(next - first), (int)(Math.Min(ranges[0].To, last) - first));
        }

        ulong* bits = stackalloc ulong[ChunkBits.Words];
        new Span<ulong>(bits, ChunkBits.Words).Clear();
        done = 0;
        foreach (MessageRange range in ranges)
        {
            if (range.From > last)
            {
                break;
            }

            ChunkBits.Fill(bits, (int)(Math.Max(range.From, first) - first), (int)(Math.Min(range.To, last) - first), value: true);
            done += range.To <= last ? 1 : 0;
        }

        return ChunkEditor.Encode(slab, key, bits);
    }
}
