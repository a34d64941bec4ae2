using BitArk.Cli.Bench;

namespace BitArk.Cli.Tests.Bench;

public sealed class MeasuredWindowSpecs
{
    private static MeasuredWindow Window => MeasuredWindow.After(1_000, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 1_000);

    [Fact]
    public void Should_be_where_it_was_planned_when_nothing_opens_it() => Assert.Equal((2_000, 4_000), Place(Window));

    [Theory]
    [InlineData(1_999, 2_000)]
    [InlineData(2_000, 2_000)]
    [InlineData(3_500, 3_500)]
    [InlineData(90_000, 90_000)]
    public void Should_last_its_whole_duration_from_the_first_call_behind_the_warm_up(long call, long begin)
    {
        var window = Window;
        window.OpenAt(call);
        Assert.Equal((begin, begin + 2_000), Place(window));
        Assert.Equal((false, true, true, false), (window.Contains(begin - 1), window.Contains(begin), window.Contains(begin + 1_999), window.Contains(begin + 2_000)));
    }

    [Fact]
    public void Should_stay_where_it_is_when_later_calls_come()
    {
        var window = Window;
        window.OpenAt(2_100);
        window.OpenAt(2_200);
        window.OpenAt(2_000);
        Assert.Equal((2_100, 4_100), Place(window));
    }

    private static (long, long) Place(MeasuredWindow window) => (window.BeginTicks, window.EndTicks);
}
