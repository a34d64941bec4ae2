namespace BitArk.Storage.Roaring;

/// <summary>
/// Reads the portable format and hands its members on as ascending ranges that neither overlap nor touch. Every length,
/// order, cardinality and offset is checked, and nothing may follow the bitmap. Ranges are handed on while reading: a
/// caller that must not see part of a bad input reads it once with a <c>take</c> that does nothing.
/// </summary>
public static class RoaringReader
{
    /// <summary>Reads a 64-bit bitmap.</summary>
    /// <exception cref="RoaringFormatException">The bytes are no 64-bit bitmap, or hold an id above <see cref="Ids.Max"/>.</exception>
    public static void Read64(ReadOnlySpan<byte> bytes, Action<MessageRange> take)
    {
        RoaringInput input = new(bytes);
        RangeJoiner joiner = new(take);
        ulong buckets = input.ReadUInt64("bucket count");
        long previous = -1;
        for (ulong bucket = 0; bucket < buckets; bucket++)
        {
            uint high = input.ReadUInt32("bucket key");
            input.Require(high > previous, $"bucket {high} follows bucket {previous}");
            input.Require(high <= int.MaxValue, $"bucket {high} holds ids above 2^63-1");
            previous = high;
            Roaring32Reader.Read(ref input, (long)high << 32, joiner);
        }

        input.Require(input.IsAtEnd, "more bytes follow the last bucket");
        joiner.Complete();
    }

    /// <summary>Reads a 32-bit bitmap.</summary>
    /// <exception cref="RoaringFormatException">The bytes are no 32-bit bitmap.</exception>
    public static void Read32(ReadOnlySpan<byte> bytes, Action<MessageRange> take)
    {
        RoaringInput input = new(bytes);
        RangeJoiner joiner = new(take);
        Roaring32Reader.Read(ref input, 0, joiner);
        input.Require(input.IsAtEnd, "more bytes follow the last container");
        joiner.Complete();
    }
}
