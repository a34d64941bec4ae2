using System.Buffers;
using BitArk.Storage.ReadTables;
using BitArk.Storage.Roaring;

namespace BitArk.Cluster.Partitions;

/// <summary>A read set's ranges, all from one state, in the portable Roaring format.</summary>
internal static class ReadSetExport
{
    /// <summary>No export is larger: it is held in memory whole.</summary>
    public const int MaxBytes = 256 << 20;

    private const int FirstGuess = 256;

    /// <summary>The export of nothing.</summary>
    public static ReadOnlyMemory<byte> Empty => new Roaring64Writer(MaxBytes).Complete();

    /// <summary>False: the writer overtook the look-up.</summary>
    /// <exception cref="RoaringTooLargeException">It would exceed <see cref="MaxBytes"/>.</exception>
    public static bool TryExport(ReadTable table, UserId user, ChannelId channel, out ReadOnlyMemory<byte> bytes)
    {
        for (var size = FirstGuess; ; size *= 4)
        {
            var ranges = ArrayPool<MessageRange>.Shared.Rent(size);
            try
            {
                bytes = default;
                if (!table.TryRanges(user, channel, Ids.Min, ranges, out var count))
                    return false;

                // A full buffer may have left ranges out: only one look-up that holds them all is one state.
                if (count == ranges.Length)
                    continue;

                bytes = Encode(ranges.AsSpan(0, count));
                return true;
            }
            finally
            {
                ArrayPool<MessageRange>.Shared.Return(ranges);
            }
        }
    }

    private static byte[] Encode(ReadOnlySpan<MessageRange> ranges)
    {
        var writer = new Roaring64Writer(MaxBytes);
        foreach (var range in ranges)
            writer.Add(range);

        return writer.Complete();
    }
}
