using BitArk.Cli.Bench;
using CsCheck;

namespace BitArk.Cli.Tests.Bench;

public sealed class OpenLoopScheduleSpecs
{
    [Fact]
    public void Should_space_calls_evenly_without_drift_when_the_rate_does_not_divide_the_clock()
    {
        var schedule = new OpenLoopSchedule(100, 3, 1_000_000_000);
        Assert.Equal([100, 333_333_433, 666_666_766, 1_000_000_100], Enumerable.Range(0, 4).Select(i => schedule.DueAt(i)));
        Assert.Equal(100 + (1_000_000L * 1_000_000_000), schedule.DueAt(3_000_000));
    }

    [Fact]
    public void Should_count_exactly_the_calls_that_are_due_at_any_moment() =>
        Gen.Select(Gen.Int[1, 5_000_000], Gen.Long[0, 100_000_000_000], Gen.Long[0, 1_000_000_000_000]).Sample((rate, start, after) =>
        {
            var schedule = new OpenLoopSchedule(start, rate, 1_000_000_000);
            var now = start + after;
            var due = schedule.DueBy(now);
            Assert.True(schedule.DueAt(due - 1) <= now);
            Assert.True(schedule.DueAt(due) > now);
        });

    [Fact]
    public void Should_owe_nothing_when_it_has_not_begun() => Assert.Equal(0, new OpenLoopSchedule(100, 5, 1_000).DueBy(99));
}
