using BitArk.Storage.ReadTables;
using BitArk.Storage.Roaring;

namespace BitArk.Cluster.Partitions;

/// <summary>A read set's ranges, all from one state, in the portable Roaring format. Looking up and encoding are apart: only the first may need the writer's thread.</summary>
internal static class ReadSetExport
{
    /// <summary>No export is larger: it is held in memory whole.</summary>
    public const int MaxBytes = 256 << 20;

    private const int FirstGuess = 256;

    /// <summary>One state has to be looked up at once, into one array; this many ranges are 64 MiB.</summary>
    private const int MaxRanges = FirstGuess << 14;

    /// <summary>The export of nothing.</summary>
    public static ReadOnlyMemory<byte> Empty => Encode([]);

    /// <summary>False: the writer overtook the look-up.</summary>
    /// <exception cref="RoaringTooLargeException">The set has too many ranges to be looked up at once.</exception>
    public static bool TryLookUp(ReadTable table, UserId user, ChannelId channel, out ArraySegment<MessageRange> found)
    {
        found = default;
        for (var size = FirstGuess; size <= MaxRanges; size *= 4)
        {
            // Not pooled: the shared pool would keep an array of this size for good.
            var ranges = GC.AllocateUninitializedArray<MessageRange>(size);
            if (!table.TryRanges(user, channel, Ids.Min, ranges, out var count))
                return false;

            // A full buffer may have left ranges out: only one look-up that holds them all is one state.
            if (count == size)
                continue;

            found = new ArraySegment<MessageRange>(ranges, 0, count);
            return true;
        }

        throw new RoaringTooLargeException(MaxBytes);
    }

    /// <summary>The bytes.</summary>
    /// <exception cref="RoaringTooLargeException">They would exceed <see cref="MaxBytes"/>.</exception>
    public static ReadOnlyMemory<byte> Encode(ReadOnlySpan<MessageRange> ranges)
    {
        var writer = new Roaring64Writer(MaxBytes);
        foreach (var range in ranges)
            writer.Add(range);

        return writer.Complete();
    }
}
