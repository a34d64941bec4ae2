using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadTables;

// Growth and split. Readers go on in the old shard until it is replaced; the writer changes nothing meanwhile.
public sealed unsafe partial class ReadTable
{
    private void MakeRoom(Shard shard, ulong hash)
    {
        var place = (int)(((hash >> 32) * (ulong)_directory.Length) >> 32);
        if (shard.Count >= SplitCount && shard.Depth < MaxDepth && TrySplit(shard, place))
        {
            return;
        }

        var grown = NewShard(Math.Max(shard.Run.Pages + 1, shard.Run.Pages * 13 / 10), shard.Depth);
        MoveAll(shard, grown, grown);
        Replace(shard, place, grown, grown);
    }

    private bool TrySplit(Shard shard, int place)
    {
        var upper = CountUpperHalf(shard);
        var lower = shard.Count - upper;

        // Keys that nearly all agree in the next bit would only make the directory longer: such a shard grows instead.
        if (Math.Min(lower, upper) < shard.Count / 16)
        {
            return false;
        }

        if (1 << shard.Depth == _directory.Length)
        {
            Volatile.Write(ref _directory, [.. _directory.SelectMany(s => new[] { s, s })]);
            place *= 2;
        }

        var left = NewShard(PagesFor(lower), shard.Depth + 1);
        var right = NewShard(PagesFor(upper), shard.Depth + 1);
        MoveAll(shard, left, right);
        Replace(shard, place, left, right);
        return true;
    }

    // A load of 0.62 after a move and 0.8 before the next: 24 bytes of entry cost 30 to 39, and each entry moves about five times while its shard doubles.
    private static int PagesFor(int count) => (int)(((count * 13L / 8 * Entry.Size) + Mmap.PageBytes - 1) / Mmap.PageBytes);

    private int CountUpperHalf(Shard shard)
    {
        var upper = 0;
        for (uint slot = 0; slot < shard.Capacity; slot++)
        {
            ref var entry = ref shard.Entries[slot];
            if (entry.State != 0)
            {
                upper += UpperHalf(_hash.Of(entry.User, entry.Channel), shard.Depth);
            }
        }

        return upper;
    }

    private void MoveAll(Shard from, Shard lower, Shard upper)
    {
        for (uint slot = 0; slot < from.Capacity; slot++)
        {
            ref var entry = ref from.Entries[slot];
            if (entry.State != 0)
            {
                var hash = _hash.Of(entry.User, entry.Channel);
                (UpperHalf(hash, from.Depth) == 0 ? lower : upper).Append(hash, entry);
            }
        }
    }

    private void Replace(Shard old, int place, Shard lower, Shard upper)
    {
        var places = _directory.Length >> old.Depth;
        var first = place & -places;
        for (var i = 0; i < places; i++)
        {
            Volatile.Write(ref _directory[first + i], i < places / 2 || places == 1 ? lower : upper);
        }

        old.Retire();
        _shards--;
        Volatile.Write(ref _entryBytes, _entryBytes - old.Region.Bytes);
        old.Region.Retire(() => _arena.Free(old.Run, discard: true));
    }

    private static int UpperHalf(ulong hash, int depth) => (int)(hash >> (63 - depth)) & 1;
}
