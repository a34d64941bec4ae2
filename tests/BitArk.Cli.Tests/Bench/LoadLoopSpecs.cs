using System.Diagnostics;
using BitArk.Cli.Bench;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Tests.Bench;

/// <summary>Measures real time, so it runs when no other test does.</summary>
[CollectionDefinition(nameof(LoadLoopSpecs), DisableParallelization = true)]
[Collection(nameof(LoadLoopSpecs))]
public sealed class LoadLoopSpecs
{
    private static readonly BenchOptions Short = new()
    {
        Callers = 4,
        Users = 50,
        Channels = 2,
        Duration = TimeSpan.FromMilliseconds(400),
        Warmup = TimeSpan.FromMilliseconds(50),
    };

    [Theory]
    [InlineData(nameof(Workload.Mark))]
    [InlineData(nameof(Workload.Batch))]
    [InlineData(nameof(Workload.IsRead))]
    [InlineData(nameof(Workload.AreRead))]
    [InlineData(nameof(Workload.Mixed))]
    public async Task Should_measure_calls_of_the_workload_when_the_loop_is_closed(string workload)
    {
        var report = await RunAsync(Short with { Workload = Enum.Parse<Workload>(workload) }, new FakeTarget(_ => ValueTask.FromResult(CallResult.Done)));
        Assert.True(report.IsSound);
        Assert.True(report.Calls.Sum(call => call.Succeeded) > 0);
        Assert.InRange(report.Elapsed, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Should_write_every_read_set_before_when_the_workload_reads()
    {
        var target = new FakeTarget(_ => ValueTask.FromResult(CallResult.Done));
        var report = await RunAsync(Short with { Workload = Workload.IsRead }, target);
        Assert.Equal((100, 100), (report.Preloaded, target.Marks));
    }

    [Fact]
    public async Task Should_stop_when_the_read_sets_to_look_up_can_not_be_written() =>
        await Assert.ThrowsAsync<CliException>(() =>
            RunAsync(Short with { Workload = Workload.IsRead }, new FakeTarget(_ => ValueTask.FromResult(new CallResult("DISK_LOW")))));

    [Fact]
    public async Task Should_not_be_sound_when_calls_fail()
    {
        var report = await RunAsync(Short, new FakeTarget(_ => ValueTask.FromResult(new CallResult("OVERLOADED"))));
        Assert.False(report.IsSound);
        Assert.Equal(0, Assert.Single(report.Calls).Succeeded);
    }

    [Fact]
    public async Task Should_make_as_many_calls_as_are_due_when_the_loop_is_open()
    {
        var report = await RunAsync(Short with { Rate = 2_000 }, new FakeTarget(_ => ValueTask.FromResult(CallResult.Done)));
        Assert.InRange(report.Calls.Sum(call => call.Succeeded), 799, 801);
        Assert.Equal(0, report.NotStarted);
    }

    /// <summary>
    /// One stall of 100 ms under 1,000 calls/s by one caller: a closed loop sees one slow call of many, the truth is that
    /// about a hundred users waited, 50 ms on average.
    /// </summary>
    [Fact]
    public async Task Should_show_a_stall_in_every_call_that_was_due_meanwhile_when_the_loop_is_open()
    {
        var stalled = 0;
        var began = Stopwatch.GetTimestamp();
        var target = new FakeTarget(async _ =>
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMilliseconds(100) && Interlocked.Exchange(ref stalled, 1) == 0)
            {
                await Task.Delay(100);
            }

            return CallResult.Done;
        });

        var report = await RunAsync(Short with { Callers = 1, Rate = 1_000 }, target);

        var marks = Assert.Single(report.Calls);
        Assert.True(marks.P90Ns > 20_000_000, $"p90 {marks.P90Ns} ns hides the stall");
    }

    private static Task<BenchReport> RunAsync(BenchOptions options, IBenchTarget target) =>
        new BenchRun(options, target, new CliConsole(TextWriter.Null, TextWriter.Null)).RunAsync(CancellationToken.None);
}
