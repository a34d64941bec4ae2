using System.Collections;
using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.Tests.ReadSets;

/// <summary>Large sets in a few chunks, against a bit array: every kind of chunk, entered and left in both directions.</summary>
public sealed class ReadSetContainerSpecs : IDisposable
{
    private const int Universe = 3 * ChunkEntry.Ids;
    private readonly Slab _slab = new();
    private readonly BitArray _model = new(Universe);
    private readonly HashSet<ChunkKind> _seen = [];
    private ulong _state;

    public void Dispose() => _slab.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Should_pass_through_every_kind_of_chunk_when_single_ids_fill_and_empty_them(int seed)
    {
        Random random = new(seed);

        // Half of the last chunk stays meanwhile, so that the set does not come down to a list.
        int[] half = [.. Enumerable.Range(ChunkEntry.Ids, ChunkEntry.Ids / 2).Select(id => 2 * id)];
        int[] order = [.. Enumerable.Range(0, 2 * ChunkEntry.Ids)];
        ChangeAll(half, add: true);
        random.Shuffle(order);
        ChangeAll(order, add: true);
        random.Shuffle(order);
        ChangeAll(order, add: false);
        random.Shuffle(half);
        ChangeAll(half, add: false);
        Assert.Equal(SetWord.Empty, _state);
        Assert.Equal(0, _slab.CountLiveBytes());
        Assert.Superset(new HashSet<ChunkKind> { ChunkKind.Span, ChunkKind.Bitmap, ChunkKind.Values, ChunkKind.Holes, ChunkKind.InlineValues, ChunkKind.InlineHoles }, _seen);
    }

    [Fact]
    public void Should_keep_runs_as_bounds_when_blocks_of_ids_come_and_go()
    {
        Random random = new(3);
        for (int step = 0; step < 6000; step++)
        {
            int from = random.Next(Universe);
            int to = Math.Min(Universe - 1, from + (random.Next(4) == 0 ? 0 : random.Next(160)));
            Change(from, to, add: random.Next(3000) > step / 2);
            Observe(step);
        }

        Assert.Contains(ChunkKind.Bounds, _seen);
        Check();
    }

    [Fact]
    public void Should_toggle_bounds_in_place_when_single_ids_touch_runs_at_all_sides()
    {
        Random random = new(4);
        for (int start = 0; start < Universe; start += 400)
        {
            Change(start, Math.Min(Universe - 1, start + 199), add: true);
        }

        for (int step = 0; step < 20_000; step++)
        {
            // Mostly at the edges of the runs and of the chunks.
            int id = random.Next(3) switch
            {
                0 => (random.Next(Universe / 400) * 400) + random.Next(-1, 2),
                1 => (random.Next(1, 4) << 16) + random.Next(-2, 2),
                _ => (random.Next(Universe / 400) * 400) + 199 + random.Next(-1, 2),
            };
            id = Math.Clamp(id, 0, Universe - 1);
            Change(id, id, add: random.Next(2) == 0);
            Observe(step);
        }

        Assert.Contains(ChunkKind.Bounds, _seen);
        Check();
    }

    [Fact]
    public void Should_not_flap_between_kinds_when_a_set_stays_at_a_threshold()
    {
        // Every second id, so that neither runs nor holes are smaller.
        for (int id = 0; id < 2 * 4096; id += 2)
        {
            Change(id, id, add: true);
        }

        Assert.Equal(ChunkKind.Bitmap, Blocks.Entries(_slab, _state)[0].Kind);
        Change(0, 0, add: false);
        Assert.Equal(ChunkKind.Bitmap, Blocks.Entries(_slab, _state)[0].Kind);
        for (int id = 2; id < 2000; id += 2)
        {
            Change(id, id, add: false);
        }

        Assert.Equal(ChunkKind.Values, Blocks.Entries(_slab, _state)[0].Kind);
        Check();
    }

    private void ChangeAll(int[] ids, bool add)
    {
        for (int step = 0; step < ids.Length; step++)
        {
            Change(ids[step], ids[step], add);
            Observe(step);
        }

        Check();
    }

    private void Change(int from, int to, bool add)
    {
        long expected = 0;
        for (int id = from; id <= to; id++)
        {
            expected += _model[id] == add ? 0 : 1;
            _model[id] = add;
        }

        _state = add ? ReadSet.Add(_slab, _state, from, to, out long changed) : ReadSet.Remove(_slab, _state, from, to, out changed);
        Assert.Equal(expected, changed);
    }

    private void Observe(int step)
    {
        if (!SetWord.IsCursor(_state) && SetWord.Form(_state) == SetForm.Directory)
        {
            _seen.UnionWith(Blocks.Entries(_slab, _state).Select(entry => entry.Kind));
        }

        if (step % 4001 == 0)
        {
            Check();
        }
    }

    private void Check()
    {
        long covered = 0;
        long expectedRun = -1;
        MessageRange[] ranges = new MessageRange[Universe];
        int count = ReadSet.Ranges(_slab, _state, 0, ranges);
        foreach (MessageRange range in ranges.AsSpan(0, count))
        {
            Assert.True(range.From > expectedRun, "ranges ascend and do not touch");
            expectedRun = range.To + 1;
            covered += range.Count;
            for (long id = range.From; id <= range.To; id++)
            {
                Assert.True(_model[(int)id]);
            }
        }

        long members = 0;
        for (int id = 0; id < Universe; id += 97)
        {
            Assert.Equal(_model[id], ReadSet.Contains(_slab, _state, id));
            long first = ReadSet.FirstUnread(_slab, _state, id);
            Assert.True(first == id ? !_model[id] : first == Universe || !_model[(int)first]);
            Assert.Equal(first - id, ReadSet.Cardinality(_slab, _state, id, first));
        }

        for (int id = 0; id < Universe; id++)
        {
            members += _model[id] ? 1 : 0;
        }

        Assert.Equal(members, covered);
        Assert.Equal(members, ReadSet.Cardinality(_slab, _state, 0, Ids.Max));
        Assert.Equal(Blocks.CountBytes(_slab, _state), _slab.CountLiveBytes());
    }
}
