using BitArk.Cli.Bench;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Tests.Bench;

public sealed class LoadLoopSpecs
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private static readonly BenchOptions Short = new()
    {
        Callers = 1,
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
    public async Task Should_measure_the_calls_behind_the_warm_up_when_the_loop_is_closed(string workload)
    {
        using var load = new VirtualLoad(_ => Millisecond);
        var report = await load.RunAsync(Short with { Workload = Enum.Parse<Workload>(workload) });
        Assert.True(report.IsSound);
        Assert.Equal(400, report.Calls.Sum(call => call.Succeeded));
        Assert.Equal(Short.Duration, report.Elapsed);
        Assert.All(report.Calls, call => Assert.InRange(call.P50Ns, 999_000, 1_001_000));
    }

    /// <summary>No caller is answered before all have called: only callers that run beside each other get further.</summary>
    [Fact]
    public async Task Should_have_a_call_of_every_caller_under_way_when_the_loop_is_closed()
    {
        var everyone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var load = new VirtualLoad(_ => Millisecond);
        var target = new FakeTarget(async call =>
        {
            if (call == 4)
            {
                everyone.SetResult();
            }

            await everyone.Task.WaitAsync(TimeSpan.FromMinutes(1));
            return await load.Target.IsReadAsync(0, new UserId(1), new ChannelId(1), 1, CancellationToken.None);
        });
        Assert.True((await load.RunAsync(Short with { Callers = 4 }, target)).IsSound);
    }

    /// <summary>The same as on a machine that gives no caller a turn in all that time: nothing measured was the verdict.</summary>
    [Fact]
    public async Task Should_measure_the_whole_duration_when_a_call_of_the_warm_up_outlasts_it()
    {
        using var load = new VirtualLoad(call => call == 1 ? TimeSpan.FromSeconds(10) : Millisecond);
        var report = await load.RunAsync(Short);
        Assert.Equal(400, Assert.Single(report.Calls).Succeeded);
        Assert.Equal(Short.Duration, report.Elapsed);
    }

    [Fact]
    public async Task Should_write_every_read_set_before_when_the_workload_reads()
    {
        using var load = new VirtualLoad(_ => Millisecond);
        var report = await load.RunAsync(Short with { Workload = Workload.IsRead });
        Assert.Equal((100, 100), (report.Preloaded, load.Target.Marks));
    }

    [Fact]
    public async Task Should_stop_when_the_read_sets_to_look_up_can_not_be_written()
    {
        using var load = new VirtualLoad(_ => Millisecond, new CallResult("DISK_LOW"));
        await Assert.ThrowsAsync<CliException>(() => load.RunAsync(Short with { Workload = Workload.IsRead }));
    }

    [Fact]
    public async Task Should_not_be_sound_when_calls_fail()
    {
        using var load = new VirtualLoad(_ => Millisecond, new CallResult("OVERLOADED"));
        var report = await load.RunAsync(Short);
        Assert.False(report.IsSound);
        Assert.Equal((0, 400), (Assert.Single(report.Calls).Succeeded, report.Calls[0].Failed));
    }

    [Fact]
    public async Task Should_make_exactly_the_calls_that_are_due_when_the_loop_is_open()
    {
        using var load = new VirtualLoad(_ => TimeSpan.Zero);
        var report = await load.RunAsync(Short with { Callers = 4, Rate = 2_000 });
        Assert.Equal((800, 0), (report.Calls.Sum(call => call.Succeeded), report.NotStarted));
        Assert.Equal(900, load.Target.Calls);
    }

    /// <summary>
    /// One stall of 100 ms under 1,000 calls/s by one caller: a closed loop sees one slow call of many, the truth is that
    /// a hundred users waited, 50 ms on average. They are a quarter of the 400, so the slowest tenth waited 60 ms and more.
    /// </summary>
    [Fact]
    public async Task Should_show_a_stall_in_every_call_that_was_due_meanwhile_when_the_loop_is_open()
    {
        using var load = new VirtualLoad(call => call == 100 ? TimeSpan.FromMilliseconds(100) : TimeSpan.Zero);
        var marks = Assert.Single((await load.RunAsync(Short with { Rate = 1_000 })).Calls);
        Assert.Equal(400, marks.Succeeded);
        Assert.InRange(marks.P90Ns, 59_000_000, 62_000_000);
    }

    [Fact]
    public async Task Should_count_the_calls_of_the_window_that_got_no_caller_in_time_when_the_loop_is_open()
    {
        using var load = new VirtualLoad(call => call == 1 ? TimeSpan.FromSeconds(10) : TimeSpan.Zero);
        var report = await load.RunAsync(Short with { Rate = 1_000 });
        Assert.Equal((400, 1), (report.NotStarted, load.Target.Calls));
        Assert.False(report.IsSound);
    }
}
