using BitArk.Cli.Bench;

namespace BitArk.Cli.Tests.Bench;

public sealed class LatencyRecorderSpecs
{
    private static readonly MeasuredWindow Window = new(1_000, 1_000, 1_000_000_000);

    [Theory]
    [InlineData(999, false)]
    [InlineData(1_000, true)]
    [InlineData(1_999, true)]
    [InlineData(2_000, false)]
    public void Should_count_a_call_only_when_it_starts_inside_the_window(long start, bool counted)
    {
        var recorder = new LatencyRecorder(Window);
        recorder.Record(0, CallKind.Mark, start, 5_000, CallResult.Done);
        Assert.Equal(counted ? 1 : 0, recorder.Figures().Sum(call => call.Succeeded));
        Assert.Equal(counted ? 5_000 : 1_000, recorder.LastEndTicks);
    }

    [Fact]
    public void Should_merge_the_stripes_of_all_callers_and_keep_kinds_apart()
    {
        var recorder = new LatencyRecorder(Window);
        for (var caller = 0; caller < 100; caller++)
        {
            recorder.Record(caller, CallKind.Mark, 1_000, 1_000 + ((caller + 1) * 1_000), CallResult.Done);
        }

        recorder.Record(0, CallKind.IsRead, 1_000, 1_050, CallResult.Done);
        var figures = recorder.Figures();
        Assert.Equal([CallKind.Mark, CallKind.IsRead], figures.Select(call => call.Kind));
        var marks = figures[0];
        Assert.Equal(100, marks.Succeeded);
        Assert.InRange(marks.P50Ns, 50_000, 50_100);
        Assert.InRange(marks.P99Ns, 99_000, 99_100);
        Assert.InRange(marks.MaxNs, 100_000, 100_100);
        Assert.InRange(marks.MeanNs, 50_400, 50_600);
    }

    [Fact]
    public void Should_count_failures_by_reason_and_leave_them_out_of_the_latencies()
    {
        var recorder = new LatencyRecorder(Window);
        recorder.Record(0, CallKind.Mark, 1_000, 2_000, new CallResult("OVERLOADED"));
        recorder.Record(1, CallKind.Mark, 1_000, 2_000, new CallResult("OVERLOADED"));
        recorder.Record(2, CallKind.Mark, 1_000, 2_000, new CallResult("Unavailable"));
        var marks = Assert.Single(recorder.Figures());
        Assert.Equal((0, 3, 2), (marks.Succeeded, marks.Failed, marks.Failures["OVERLOADED"]));
    }

    [Fact]
    public void Should_clamp_a_latency_beyond_the_histogram()
    {
        var recorder = new LatencyRecorder(Window);
        recorder.Record(0, CallKind.Mark, 1_000, 1_000 + 120_000_000_000, CallResult.Done);
        Assert.InRange(Assert.Single(recorder.Figures()).MaxNs, 60_000_000_000, 60_100_000_000);
    }
}
