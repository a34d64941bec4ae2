using BitArk.Storage.Roaring;

namespace BitArk.Storage.Tests.Roaring;

internal static class RoaringBytes
{
    public static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "roaring", name));

    public static List<MessageRange> Read64(ReadOnlySpan<byte> bytes)
    {
        List<MessageRange> ranges = [];
        RoaringReader.Read64(bytes, ranges.Add);
        return ranges;
    }

    public static List<MessageRange> Read32(ReadOnlySpan<byte> bytes)
    {
        List<MessageRange> ranges = [];
        RoaringReader.Read32(bytes, ranges.Add);
        return ranges;
    }

    public static byte[] Write64(IEnumerable<MessageRange> ranges, bool runs = true, int maxBytes = 1 << 26)
    {
        Roaring64Writer writer = new(maxBytes, runs);
        foreach (MessageRange range in ranges)
        {
            writer.Add(range);
        }

        return writer.Complete();
    }

    /// <summary>The one bucket of a 64-bit bitmap below 2^32: a 32-bit bitmap as it is.</summary>
    public static byte[] Write32(IEnumerable<MessageRange> ranges, bool runs = true) => Write64(ranges, runs)[12..];

    /// <summary>A set of ranges as the published 32-bit examples hold it.</summary>
    public static List<MessageRange> PublishedSet()
    {
        List<MessageRange> ranges = [.. Enumerable.Range(0, 100).Select(k => new MessageRange(k * 1000L, k * 1000L))];
        ranges.AddRange(Enumerable.Range(100_000, 100_000).Select(k => new MessageRange(3L * k, 3L * k)));
        ranges.Add(new MessageRange(700_000, 799_999));
        return ranges;
    }
}
