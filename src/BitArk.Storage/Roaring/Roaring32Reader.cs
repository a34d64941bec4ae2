using System.Buffers.Binary;
using System.Numerics;

namespace BitArk.Storage.Roaring;

/// <summary>Reads one 32-bit bitmap from an input that may go on behind it.</summary>
internal static class Roaring32Reader
{
    public static void Read(ref RoaringInput input, long origin, RangeJoiner into)
    {
        int start = input.Position;
        ReadOnlySpan<byte> runFlags = default;
        uint cookie = input.ReadUInt32("cookie");
        uint count;
        bool hasRuns = (ushort)cookie == RoaringFormat.CookieWithRuns;
        if (hasRuns)
        {
            count = (cookie >> 16) + 1;
            runFlags = input.Read((int)(count + 7) / 8, "run flags");
        }
        else
        {
            input.Require(cookie == RoaringFormat.CookieWithoutRuns, $"unknown cookie {cookie}");
            count = input.ReadUInt32("container count");
            input.Require(count <= RoaringFormat.MaxContainers, $"{count} containers");
        }

        ReadOnlySpan<byte> headers = input.Read((int)count * 4, "container headers");
        bool hasOffsets = !hasRuns || count >= RoaringFormat.OffsetsFromContainers;
        ReadOnlySpan<byte> offsets = hasOffsets ? input.Read((int)count * 4, "container offsets") : default;
        int previous = -1;
        for (int index = 0; index < count; index++)
        {
            int key = BinaryPrimitives.ReadUInt16LittleEndian(headers[(index * 4)..]);
            int cardinality = BinaryPrimitives.ReadUInt16LittleEndian(headers[((index * 4) + 2)..]) + 1;
            input.Require(key > previous, $"container {key} follows container {previous}");
            input.Require(
                !hasOffsets || BinaryPrimitives.ReadUInt32LittleEndian(offsets[(index * 4)..]) == (uint)(input.Position - start),
                $"the offset of container {key} is not where it begins");
            previous = key;
            bool isRuns = hasRuns && (runFlags[index >> 3] >> (index & 7) & 1) != 0;
            ReadContainer(ref input, origin + ((long)key << 16), cardinality, isRuns, into);
        }
    }

    private static void ReadContainer(ref RoaringInput input, long origin, int cardinality, bool isRuns, RangeJoiner into)
    {
        // The one id that the format has and BitArk has not: 2^63-1, in the last container of all.
        int highest = origin == long.MaxValue - (RoaringFormat.ContainerIds - 1) ? RoaringFormat.ContainerIds - 2 : RoaringFormat.ContainerIds - 1;
        if (isRuns)
        {
            ReadRuns(ref input, origin, cardinality, highest, into);
        }
        else if (cardinality <= RoaringFormat.MaxArray)
        {
            ReadArray(ref input, origin, cardinality, highest, into);
        }
        else
        {
            ReadBitmap(ref input, origin, cardinality, highest, into);
        }
    }

    private static void ReadArray(ref RoaringInput input, long origin, int cardinality, int highest, RangeJoiner into)
    {
        int previous = -1;
        for (int index = 0; index < cardinality; index++)
        {
            int value = input.ReadUInt16("an array");
            input.Require(value > previous, $"value {value} follows value {previous} in an array");
            input.Require(value <= highest, "an id above 2^63-2");
            previous = value;
            into.Add(origin + value, origin + value);
        }
    }

    private static void ReadRuns(ref RoaringInput input, long origin, int cardinality, int highest, RangeJoiner into)
    {
        int runs = input.ReadUInt16("a run count");
        int previous = -1;
        int members = 0;
        for (int index = 0; index < runs; index++)
        {
            int first = input.ReadUInt16("a run");
            int last = first + input.ReadUInt16("a run");
            input.Require(first > previous, $"a run from {first} overlaps one to {previous}");
            input.Require(last < RoaringFormat.ContainerIds, $"a run from {first} to {last} leaves its container");
            input.Require(last <= highest, "an id above 2^63-2");
            previous = last;
            members += last - first + 1;
            into.Add(origin + first, origin + last);
        }

        input.Require(members == cardinality, $"{members} members in runs, {cardinality} in the header");
    }

    private static void ReadBitmap(ref RoaringInput input, long origin, int cardinality, int highest, RangeJoiner into)
    {
        ReadOnlySpan<byte> bytes = input.Read(RoaringFormat.BitmapBytes, "a bitmap");
        int members = 0;
        for (int index = 0; index < RoaringFormat.BitmapWords; index++)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(index * sizeof(ulong))..]);
            members += BitOperations.PopCount(word);
            while (word != 0)
            {
                int first = BitOperations.TrailingZeroCount(word);
                int length = BitOperations.TrailingZeroCount(~(word >> first));
                length = Math.Min(length, 64 - first);
                int from = (index << 6) + first;
                input.Require(from + length - 1 <= highest, "an id above 2^63-2");
                into.Add(origin + from, origin + from + length - 1);
                word &= length == 64 ? 0 : ~(((1UL << length) - 1) << first);
            }
        }

        input.Require(members == cardinality, $"{members} bits in a bitmap, {cardinality} in the header");
    }
}
