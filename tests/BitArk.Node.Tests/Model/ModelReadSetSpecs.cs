using CsCheck;

namespace BitArk.Node.Tests.Model;

/// <summary>The model is what front ends are judged by, so it is judged itself: against a plain set of numbers.</summary>
public sealed class ModelReadSetSpecs
{
    [Fact]
    public void Should_agree_with_a_set_of_numbers_when_marked_and_unmarked() =>
        Gen.Select(Gen.Bool, Gen.Long[0, 30], Gen.Long[0, 10]).Array[0, 20].Sample(steps =>
        {
            var model = new ModelReadSet();
            var plain = new SortedSet<long>();
            foreach (var (isMark, from, length) in steps)
            {
                var range = new MessageRange(from, from + length);
                var changed = 0;
                for (var id = range.From; id <= range.To; id++)
                    changed += (isMark ? plain.Add(id) : plain.Remove(id)) ? 1 : 0;
                Assert.Equal(changed, model.Apply(isMark ? OperationKind.Mark : OperationKind.Unmark, range));
            }

            Assert.Equal(plain, model.Ranges.SelectMany(r => Enumerable.Range((int)r.From, (int)r.Count).Select(id => (long)id)));
            Assert.Equal(plain.Contains(1) ? Enumerable.Range(1, 100).First(id => !plain.Contains(id)) - 1 : 0, model.Cursor);
            for (var i = 1; i < model.Ranges.Count; i++)
                Assert.True(model.Ranges[i - 1].To + 1 < model.Ranges[i].From);
        });
}
