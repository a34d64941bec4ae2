using BitArk.Cli.Replay;

namespace BitArk.Cli.Tests.Replay;

public sealed class ReplayReportSpecs
{
    private static readonly TraceModel Model = TraceModel.Of(
    [
        new(1, 1, 1, TraceKind.Post, 1, 1),
        new(2, 1, 1, TraceKind.Read, 1, 1),
        new(3, 1, 2, TraceKind.Read, 1, 1),
        new(4, 1, 2, TraceKind.Read, 1, 1),
    ]);

    private static readonly ReplayPosition Start = new(default, "c", "", 2, 0, 0, 0);

    private static readonly ReplayReport Sample = new()
    {
        TraceName = "trace.csv.gz",
        Model = Model,
        Node = "grpc://127.0.0.1:8081",
        Start = Start,
        End = Start with { Reads = 3, Changed = 2 },
        MarksSent = 3,
        Elapsed = TimeSpan.FromSeconds(0.5),
        InFlight = 16,
        Retries = 0,
        Verified = new VerifyResult(2, 0, []),
    };

    [Fact]
    public void Should_have_this_text_when_everything_agrees()
    {
        Assert.Equal(
            """
            trace       trace.csv.gz: 3 reads, 1 posts, 1 channels, 2 users
            node        grpc://127.0.0.1:8081
            sent        3 operations (3 marks) in 2 writes of up to 2, 16 in flight
            took        0.5 s: 6 operations/s, 6 marks/s, each acknowledged (durable and applied)
            retries     0
            changed     2 ids by the node's count, 2 in the model
            verified    2 read sets (2 ranges) and 0 that must be empty: ranges, cursor, unread, first unread
            mismatches  0

            """,
            Text(Sample));
        Assert.True(Sample.IsSound);
    }

    [Fact]
    public void Should_not_be_sound_and_show_the_first_when_read_sets_differ()
    {
        var mismatches = Enumerable.Range(1, 25).Select(user => new Mismatch(user, 1, "cursor", "1", "0")).ToArray();
        var report = Sample with { Verified = new VerifyResult(2, 0, mismatches) };
        Assert.False(report.IsSound);
        Assert.Contains("mismatches  25\nMISMATCH user=1 channel=1 cursor: expected 1, the node says 0\n", Text(report), StringComparison.Ordinal);
        Assert.Contains("… and 5 more", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_not_be_sound_when_a_session_s_count_of_changed_ids_is_not_the_model_s()
    {
        var report = Sample with { End = Sample.End with { Session = 5, Changed = 3 } };
        Assert.False(report.IsSound);
        Assert.Contains("DIFFERENT", Text(report), StringComparison.Ordinal);
        Assert.Contains("exactly once", Text(Sample with { End = Sample.End with { Session = 5 } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_accept_a_lower_count_but_no_higher_one_when_answers_were_forgotten()
    {
        var lower = Sample with { End = Sample.End with { Session = 5, Changed = 1, IsExact = false } };
        Assert.True(lower.IsSound);
        Assert.Contains("whose answer is forgotten", Text(lower), StringComparison.Ordinal);
        Assert.False((lower with { End = lower.End with { Changed = 3 } }).IsSound);
    }

    private static string Text(ReplayReport report)
    {
        var writer = new StringWriter { NewLine = "\n" };
        report.WriteTo(writer);
        return writer.ToString();
    }
}
