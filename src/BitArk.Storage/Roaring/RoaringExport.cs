using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.Roaring;

/// <summary>A read set as a portable 64-bit Roaring bitmap, for other tools to read.</summary>
internal static class RoaringExport
{
    private const int PageRanges = 256;

    /// <summary>Exports a set that nobody changes meanwhile.</summary>
    /// <exception cref="RoaringTooLargeException">The result would exceed <paramref name="maxBytes"/>.</exception>
    public static byte[] Export(Slab slab, ulong state, int maxBytes)
    {
        Roaring64Writer writer = new(maxBytes);
        Span<MessageRange> page = stackalloc MessageRange[PageRanges];
        long from = Ids.Min;
        while (from <= Ids.Max)
        {
            int count = ReadSet.Ranges(slab, state, from, page);
            foreach (MessageRange range in page[..count])
            {
                writer.Add(range);
            }

            if (count < page.Length)
            {
                break;
            }

            from = page[^1].To + 1;
        }

        return writer.Complete();
    }
}
