using BitArk.Cli.Replay;

namespace BitArk.Cli.Tests.Replay;

public sealed class MismatchSpecs
{
    private static readonly ObservedState Right = new(2, 8, 3, [new MessageRange(1, 2), new MessageRange(5, 5), new MessageRange(12, 12)], Truncated: false);

    [Fact]
    public void Should_find_nothing_when_the_node_agrees() => Assert.Empty(Between(Right with { Unread = 7 }, head: 10));

    [Theory]
    [InlineData("cursor")]
    [InlineData("unread")]
    [InlineData("first unread")]
    [InlineData("ranges")]
    [InlineData("truncated")]
    public void Should_name_the_part_when_the_node_differs_in_it(string part)
    {
        var agreeing = Right with { Unread = 7 };
        var observed = part switch
        {
            "cursor" => agreeing with { Cursor = 3 },
            "unread" => agreeing with { Unread = null },
            "first unread" => agreeing with { FirstUnread = 4 },
            "ranges" => agreeing with { Ranges = [new MessageRange(1, 2)] },
            _ => agreeing with { Truncated = true },
        };
        var mismatch = Assert.Single(Between(observed, head: 10));
        Assert.Equal(part == "truncated" ? "ranges" : part, mismatch.What);
        Assert.StartsWith("MISMATCH user=7 channel=2 ", mismatch.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<Mismatch> Between(ObservedState observed, long head)
    {
        var model = new ModelReadSet();
        model.Add(1, 2);
        model.Add(5, 5);
        model.Add(12, 12);
        return Mismatch.Between(7, 2, model, head, observed);
    }
}
