using BitArk.Storage.ReadSets;
using BitArk.Storage.Roaring;

namespace BitArk.Storage.ReadTables;

/// <summary>
/// Receives the content of one read set: ascending, merged ranges, in portions of at most 256. Called again for the same
/// key while there are more.
/// </summary>
public delegate void ReadSetVisitor(UserId user, ChannelId channel, ReadOnlySpan<MessageRange> ranges);

// The logical content. Writer, or nobody writing.
public sealed unsafe partial class ReadTable
{
    private const int RangesPerVisit = 256;

    /// <summary>Shows every read set, in no particular order. Nothing may write meanwhile.</summary>
    public void ForEach(ReadSetVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        var ranges = new MessageRange[RangesPerVisit];
        for (var place = 0; place < _directory.Length; place += _directory.Length >> _directory[place].Depth)
        {
            var shard = _directory[place];
            for (uint slot = 0; slot < shard.Capacity; slot++)
            {
                if (shard.Entries[slot].State != 0)
                {
                    Visit(shard.Entries[slot], ranges, visitor);
                }
            }
        }
    }

    /// <summary>One read set in the portable 64-bit Roaring format. Writer only.</summary>
    /// <exception cref="RoaringTooLargeException">The result would exceed <paramref name="maxBytes"/>.</exception>
    public byte[] Export(UserId user, ChannelId channel, int maxBytes)
    {
        var hash = _hash.Of(user.Value, channel.Value);
        return RoaringExport.Export(_slab, ShardOf(hash).Find(hash, user.Value, channel.Value), maxBytes);
    }

    /// <summary>
    /// A checksum of the logical content, the same for equal content however it came to be and wherever it lies in memory: the sum over all read sets of
    /// a hash of key and ranges. Nothing may write meanwhile.
    /// </summary>
    public ulong Digest()
    {
        ulong sum = 0, current = 0;
        var last = (User: default(UserId), Channel: default(ChannelId));
        ForEach((user, channel, ranges) =>
        {
            if ((user, channel) != last || current == 0)
            {
                sum += current;
                last = (user, channel);
                current = Mix(Mix(1, user.Value), channel.Value);
            }

            foreach (var range in ranges)
            {
                current = Mix(Mix(current, range.From), range.To);
            }
        });
        return sum + current;
    }

    private void Visit(in Entry entry, MessageRange[] ranges, ReadSetVisitor visitor)
    {
        long from = 0;
        int count;
        do
        {
            count = ReadSet.Ranges(_slab, entry.State, from, ranges);
            if (count > 0)
            {
                visitor(new UserId(entry.User), new ChannelId(entry.Channel), ranges.AsSpan(0, count));
                from = ranges[count - 1].To + 1;
            }
        }
        while (count == ranges.Length && from <= Ids.Max);
    }

    private static ulong Mix(ulong hash, long value)
    {
        var high = Math.BigMul(hash ^ 0xA076_1D64_78BD_642F, (ulong)value ^ 0xE703_7ED1_A0B4_28DB, out var low);
        return (high ^ low) + (hash * 0x9E37_79B9_7F4A_7C15) + 1;
    }
}
