using BitArk.Cli.Replay;
using CsCheck;

namespace BitArk.Cli.Tests.Replay;

public sealed class ModelReadSetSpecs
{
    [Fact]
    public void Should_equal_a_hash_set_when_any_ranges_are_added()
    {
        var range = Gen.Select(Gen.Int[0, 60], Gen.Int[0, 8], (from, more) => (from, to: from + more));
        Gen.Select(range.List[0, 25], Gen.Int[0, 70]).Sample((ranges, head) =>
        {
            var set = new ModelReadSet();
            var naive = new HashSet<long>();
            foreach (var (from, to) in ranges)
            {
                long added = 0;
                for (var id = from; id <= to; id++)
                {
                    added += naive.Add(id) ? 1 : 0;
                }

                Assert.Equal(added, set.Add(from, to));
            }

            Assert.Equal(naive.Order(), set.Ranges.SelectMany(merged => Enumerable.Range((int)merged.From, (int)merged.Count)).Select(id => (long)id));
            Assert.All(set.Ranges.Zip(set.Ranges.Skip(1), (before, after) => after.From - before.To), gap => Assert.True(gap > 1));
            Assert.Equal(naive.Count, set.Count);
            var unread = Enumerable.Range(1, head).Where(id => !naive.Contains(id)).ToArray();
            Assert.Equal((unread.Length, unread.Length == 0 ? (long?)null : unread[0]), set.Unread(head));
            Assert.Equal(Enumerable.Range(1, 200).First(id => !naive.Contains(id)) - 1, set.Cursor);
        });
    }

    [Fact]
    public void Should_not_overflow_when_ids_are_at_their_bounds()
    {
        var set = new ModelReadSet();
        Assert.Equal(1, set.Add(Ids.Max, Ids.Max));
        Assert.Equal(Ids.Max, set.Add(0, Ids.Max - 1));
        Assert.Equal([new MessageRange(0, Ids.Max)], set.Ranges);
        Assert.Equal((0, null), set.Unread(Ids.Max));
    }
}
