using System.Numerics;

namespace BitArk.Storage.ReadSets;

/// <summary>A chunk as 65,536 bits. Positions given in are within the chunk; loops are bounded by its 1,024 words.</summary>
internal static unsafe class ChunkBits
{
    public const int Bytes = Words * sizeof(ulong);
    public const int Words = 1024;

    public static bool Contains(ulong* bits, int offset) => (bits[offset >> 6] >> offset & 1) != 0;

    /// <summary>Sets or clears <paramref name="from"/> … <paramref name="to"/>, both included.</summary>
    public static void Fill(ulong* bits, int from, int to, bool value)
    {
        int first = from >> 6;
        int last = to >> 6;
        ulong head = ulong.MaxValue << from;
        ulong tail = ulong.MaxValue >> ~to;
        if (first == last)
        {
            Apply(bits + first, head & tail, value);
            return;
        }

        Apply(bits + first, head, value);
        new Span<ulong>(bits + first + 1, last - first - 1).Fill(value ? ulong.MaxValue : 0);
        Apply(bits + last, tail, value);
    }

    public static ChunkShape Shape(ulong* bits)
    {
        int members = 0;
        int runs = 0;
        ulong carry = 0;
        for (int index = 0; index < Words; index++)
        {
            ulong word = bits[index];
            members += BitOperations.PopCount(word);
            runs += BitOperations.PopCount(word & ~(word << 1 | carry));
            carry = word >> 63;
        }

        return new ChunkShape(members, runs, carry != 0);
    }

    /// <summary>Members from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public static int Count(ulong* bits, int from, int to)
    {
        if (from >= to)
        {
            return 0;
        }

        int first = from >> 6;
        int last = (to - 1) >> 6;
        ulong head = ulong.MaxValue << from;
        ulong tail = ulong.MaxValue >> -to;
        if (first == last)
        {
            return BitOperations.PopCount(bits[first] & head & tail);
        }

        int count = BitOperations.PopCount(bits[first] & head) + BitOperations.PopCount(bits[last] & tail);
        for (int index = first + 1; index < last; index++)
        {
            count += BitOperations.PopCount(bits[index]);
        }

        return count;
    }

    /// <summary>The first offset at or after <paramref name="from"/> whose bit is <paramref name="value"/>; 65536 when there is none.</summary>
    public static int Next(ulong* bits, int from, bool value)
    {
        if (from >= ChunkEntry.Ids)
        {
            return ChunkEntry.Ids;
        }

        ulong flip = value ? 0 : ulong.MaxValue;
        int index = from >> 6;
        ulong word = (bits[index] ^ flip) & (ulong.MaxValue << from);
        while (word == 0)
        {
            if (++index == Words)
            {
                return ChunkEntry.Ids;
            }

            word = bits[index] ^ flip;
        }

        return (index << 6) + BitOperations.TrailingZeroCount(word);
    }

    private static void Apply(ulong* word, ulong mask, bool value) => *word = value ? *word | mask : *word & ~mask;
}
