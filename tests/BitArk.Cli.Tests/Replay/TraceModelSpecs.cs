using BitArk.Cli.Replay;

namespace BitArk.Cli.Tests.Replay;

public sealed class TraceModelSpecs
{
    [Fact]
    public void Should_count_and_merge_when_a_trace_is_summed_up()
    {
        var model = TraceModel.Of(
        [
            new(1, 5, 10, TraceKind.Post, 1, 1),
            new(2, 5, 11, TraceKind.Post, 2, 2),
            new(3, 5, 10, TraceKind.Read, 1, 2),
            new(4, 5, 10, TraceKind.Read, 2, 2),
            new(5, 6, 12, TraceKind.Post, 1, 1),
        ]);

        Assert.Equal((3, 2, 3, 2), (model.Posts, model.Reads, model.Marks, model.DistinctMarks));
        Assert.Equal([10L, 11L, 12L], model.Users);
        Assert.Equal([new(5, 2), new(6, 1)], model.Heads);
        Assert.Equal(1, model.ReadSetCount);
        Assert.Equal([new MessageRange(1, 2)], model.Set(10, 5).Ranges);
        Assert.Empty(model.Set(11, 5).Ranges);
    }
}
