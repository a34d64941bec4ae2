using CsCheck;

namespace BitArk.Storage.Tests.Roaring;

internal static class RoaringGen
{
    /// <summary>Ascending ranges that do not touch: within a few containers, in many, in several buckets, at the upper end.</summary>
    public static readonly Gen<MessageRange[]> Ranges = Gen.OneOf(
        Build(Gen.Long[0, 5], Gen.Long[2, 4]),
        Build(Gen.Long[0, 0], Gen.Long[2, 5]),
        Build(Gen.Long[0, 60_000], Gen.Long[2, 3_000]),
        Build(Gen.Long[0, 100], Gen.Long[2, 1L << 31]),
        Build(Gen.Long[0, 200_000], Gen.Long[2, 60]),
        Build(Gen.Long[0, 40], Gen.Long[2, 90]).Select(ranges => FromTheTop(ranges)));

    private static Gen<MessageRange[]> Build(Gen<long> length, Gen<long> gap) => Gen.Select(gap, length).Array[0, 300].Select(pairs =>
    {
        long next = pairs.Length % 2;
        List<MessageRange> ranges = [];
        foreach ((long skip, long more) in pairs)
        {
            ranges.Add(new MessageRange(next, next + more));
            next += more + skip;
        }

        return ranges.ToArray();
    });

    private static MessageRange[] FromTheTop(MessageRange[] ranges) =>
        [.. ranges.Select(range => new MessageRange(Ids.Max - range.To, Ids.Max - range.From)).Reverse()];
}
