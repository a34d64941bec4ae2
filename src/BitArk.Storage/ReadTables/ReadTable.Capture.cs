using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadTables;

// The table's part in a point-in-time snapshot, and its way back. Writer only.
public sealed unsafe partial class ReadTable
{
    private const int MaxShards = 1 << MaxDepth;

    // Geometry: hash keys, shards in the order of the directory (depth, pages, count), then the slab. Regions in the same order.
    internal void BeginCapture(SnapshotCapture capture, GeometryWriter geometry)
    {
        geometry.WriteUInt64(_hash.UserKey);
        geometry.WriteUInt64(_hash.ChannelKey);
        geometry.WriteInt32(_shards);
        for (var place = 0; place < _directory.Length;)
        {
            var shard = _directory[place];
            geometry.WriteInt32(shard.Depth);
            geometry.WriteInt32(shard.Run.Pages);
            geometry.WriteInt32(shard.Count);
            _ = capture.Add(shard.Region);
            shard.Region.MarkPending(0, (long)shard.Capacity * Entry.Size);
            place += _directory.Length >> shard.Depth;
        }

        _slab.BeginCapture(capture, geometry);
    }

    internal void EndCapture() => _slab.EndCapture();

    internal static ReadTable Restore(ref GeometryReader geometry, List<TrackedRegion> regions)
    {
        var table = new ReadTable(new KeyHash(geometry.ReadUInt64("a hash key"), geometry.ReadUInt64("a hash key")), []);
        try
        {
            table.RestoreShards(ref geometry, regions);
            regions.AddRange(table._slab.Restore(ref geometry));
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private void RestoreShards(ref GeometryReader geometry, List<TrackedRegion> regions)
    {
        var shards = new Shard[geometry.ReadInt32("the number of shards", 1, MaxShards)];
        var depth = 0;
        for (var i = 0; i < shards.Length; i++)
        {
            var shard = shards[i] = ReadShard(ref geometry);
            regions.Add(shard.Region);
            _count += shard.Count;
            depth = Math.Max(depth, shard.Depth);
        }

        _directory = new Shard[1 << depth];
        var place = 0;
        foreach (var shard in shards)
        {
            var places = _directory.Length >> shard.Depth;
            if (place % places != 0 || place + places > _directory.Length)
            {
                throw GeometryReader.Invalid("its shards don't fit a directory");
            }

            _directory.AsSpan(place, places).Fill(shard);
            place += places;
        }

        if (place != _directory.Length)
        {
            throw GeometryReader.Invalid("its shards don't fill a directory");
        }
    }

    private Shard ReadShard(ref GeometryReader geometry)
    {
        var depth = geometry.ReadInt32("the depth of a shard", 0, MaxDepth);
        var pages = geometry.ReadInt32("the pages of a shard", 1, int.MaxValue / Mmap.PageBytes);
        var shard = NewShard(pages, depth);
        shard.Count = geometry.ReadInt32("the entries of a shard", 0, (int)shard.Capacity - 1);
        return shard;
    }
}
