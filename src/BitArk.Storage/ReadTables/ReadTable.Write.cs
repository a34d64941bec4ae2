using BitArk.Storage.ReadSets;

namespace BitArk.Storage.ReadTables;

// Changes. One thread: the writer.
public sealed unsafe partial class ReadTable
{
    /// <summary>
    /// In place of the number of changed ids: nothing was changed, because the set's ids lie too scattered. A set is at its bound with parts of
    /// 4,194,304 different blocks of 65,536 ids; from there on it takes only what needs no further block.
    /// </summary>
    public const long TooScattered = ReadSet.TooScattered;

    /// <summary>Adds <paramref name="from"/> … <paramref name="to"/> (0 … 2^63-2) to a read set; returns how many ids were not in it, or <see cref="TooScattered"/>. Writer only.</summary>
    public long Mark(UserId user, ChannelId channel, long from, long to)
    {
        CheckRange(from, to);
        var hash = _hash.Of(user.Value, channel.Value);
        var shard = ShardOf(hash);
        var slot = shard.FindSlot(hash, user.Value, channel.Value);
        if (shard.Entries[slot].State == 0)
        {
            return Insert(shard, slot, hash, user.Value, channel.Value, from, to);
        }

        shard.BeforeWrite(slot);
        shard.BeginWrite();
        ref var state = ref shard.Entries[slot].State;
        state = ReadSet.Add(_slab, state, from, to, out var changed);
        shard.EndWrite();
        return changed;
    }

    /// <summary>Removes <paramref name="from"/> … <paramref name="to"/> (0 … 2^63-2) from a read set; returns how many ids were in it, or <see cref="TooScattered"/>. Writer only.</summary>
    public long Unmark(UserId user, ChannelId channel, long from, long to)
    {
        CheckRange(from, to);
        var hash = _hash.Of(user.Value, channel.Value);
        var shard = ShardOf(hash);
        var slot = shard.FindSlot(hash, user.Value, channel.Value);
        if (shard.Entries[slot].State == 0)
        {
            return 0;
        }

        shard.BeforeWrite(slot);
        shard.BeginWrite();
        ref var state = ref shard.Entries[slot].State;
        state = ReadSet.Remove(_slab, state, from, to, out var changed);
        if (state == 0)
        {
            shard.RemoveAt(slot, _hash);
            Volatile.Write(ref _count, _count - 1);
        }

        shard.EndWrite();
        return changed;
    }

    private long Insert(Shard shard, uint slot, ulong hash, long user, long channel, long from, long to)
    {
        if (shard.IsFull)
        {
            MakeRoom(shard, hash);
            shard = ShardOf(hash);
            slot = shard.FindSlot(hash, user, channel);
        }

        // No reader can know the new set's blocks yet, so only the entry itself is written under the odd version.
        var entry = new Entry { User = user, Channel = channel, State = ReadSet.Add(_slab, 0, from, to, out var changed) };
        shard.BeforeWrite(slot);
        shard.BeginWrite();
        shard.Entries[slot] = entry;
        shard.EndWrite();
        shard.Count++;
        Volatile.Write(ref _count, _count + 1);
        return changed;
    }

    private static void CheckRange(long from, long to)
    {
        if (from < Ids.Min || to > Ids.Max || from > to)
        {
            throw new ArgumentOutOfRangeException(nameof(from), $"A range of message ids lies in 0 … 2^63-2 and does not end before it begins: {from} … {to}.");
        }
    }
}
