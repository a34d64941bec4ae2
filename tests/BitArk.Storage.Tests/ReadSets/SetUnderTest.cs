using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.Tests.ReadSets;

/// <summary>One read set beside its model: every change is made to both, and every answer compared.</summary>
internal sealed class SetUnderTest(Slab slab)
{
    private readonly MessageRange[] _page = new MessageRange[7];

    public RangeModel Model { get; } = new();

    public ulong State { get; private set; }

    public SetForm? Form => SetWord.IsCursor(State) ? null : SetWord.Form(State);

    public void Apply(bool add, long from, long to)
    {
        long expected = add ? Model.Add(from, to) : Model.Remove(from, to);
        State = add
            ? ReadSet.Add(slab, State, from, to, out long changed)
            : ReadSet.Remove(slab, State, from, to, out changed);
        Assert.Equal(expected, changed);
    }

    /// <summary>Compares whole content, form and blocks, and every query around the given ids.</summary>
    public void Check(params ReadOnlySpan<long> around)
    {
        Assert.Equal(Model.Ranges, AllRanges(0));
        AssertNormal();
        Assert.Equal(Blocks.CountBytes(slab, State), slab.CountLiveBytes());
        foreach (long centre in around)
        {
            for (long id = Math.Max(0, centre - 1); id <= Math.Min(centre, Ids.Max - 1) + 1; id++)
            {
                Assert.Equal(Model.Contains(id), ReadSet.Contains(slab, State, id));
                Assert.Equal(Model.FirstUnread(id), ReadSet.FirstUnread(slab, State, id));
                Assert.Equal(Model.Cardinality(0, id), ReadSet.Cardinality(slab, State, 0, id));
                Assert.Equal(Model.Cardinality(id, Ids.Max), ReadSet.Cardinality(slab, State, id, Ids.Max));
                int count = ReadSet.Ranges(slab, State, id, _page);
                Assert.Equal(Model.From(id).Take(_page.Length), _page[..count]);
            }
        }
    }

    public void Free()
    {
        ReadSet.Free(slab, State);
        State = 0;
        Assert.Equal(0, slab.CountLiveBytes());
    }

    /// <summary>Reads all ranges page by page, as an export does.</summary>
    public List<MessageRange> AllRanges(long from)
    {
        List<MessageRange> all = [];
        while (true)
        {
            int count = ReadSet.Ranges(slab, State, from, _page);
            all.AddRange(_page[..count]);
            if (count < _page.Length || all[^1].To == Ids.Max)
            {
                return all;
            }

            from = all[^1].To + 1;
        }
    }

    private void AssertNormal()
    {
        if (Model.Ranges.Count == 0)
        {
            Assert.Equal(0UL, State);
        }
        else if (Model.Ranges is [{ From: 1, To: long last }])
        {
            Assert.Equal((ulong)last, State);
        }
        else
        {
            Assert.False(SetWord.IsCursor(State));
            bool few = Model.Ranges.Count <= 32;
            Assert.True(Form != SetForm.Directory || !few, $"{Model.Ranges.Count} ranges in a directory");
        }
    }
}
