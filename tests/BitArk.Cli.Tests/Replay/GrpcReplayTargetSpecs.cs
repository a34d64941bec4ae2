using BitArk.Cli.Replay;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Tests.Replay;

public sealed class GrpcReplayTargetSpecs
{
    [Fact]
    public void Should_make_one_mark_of_each_read_and_carry_the_session()
    {
        var request = new GrpcReplayTarget(null!, "chat", TimeProvider.System).Request(
            [new TraceRow(1, 2, 3, TraceKind.Read, 4, 4), new TraceRow(1, 5, 6, TraceKind.Read, 7, 9)], session: 11, sequence: 12);
        Assert.Equal(
            """{ "operations": [ { "namespace": "chat", "user": "3", "channel": "2", "mark": { "messages": [ "4" ] } }, { "namespace": "chat", "user": "6", "channel": "5", "mark": { "ranges": [ { "from": "7", "to": "9" } ] } } ], "session": "11", "sequence": "12" }""",
            request.ToString());
    }

    [Fact]
    public void Should_leave_the_session_out_when_there_is_none()
    {
        var request = new GrpcReplayTarget(null!, "", TimeProvider.System).Request([new TraceRow(1, 2, 3, TraceKind.Read, 4, 4)], 0, 0);
        Assert.False(request.HasSession || request.HasSequence);
    }

    [Fact]
    public void Should_be_acknowledged_with_the_sum_when_every_operation_succeeded() =>
        Assert.Equal(new BatchOutcome.Acknowledged(7), GrpcReplayTarget.Outcome(Reply(3, 4)));

    [Theory]
    [InlineData("OUTCOME_UNKNOWN", true)]
    [InlineData("NO_LEADER", true)]
    [InlineData("STORAGE_FAILED", true)]
    [InlineData("INVALID_ARGUMENT", false)]
    [InlineData("SOMETHING_NEW", false)]
    public void Should_be_repeated_only_when_a_failed_operation_may_succeed_later(string reason, bool repeated)
    {
        var reply = Reply(3);
        reply.Results.Add(new WriteResult { Error = new Error { Reason = reason, Message = "m" } });
        BatchOutcome expected = repeated ? new BatchOutcome.Retriable($"{reason}: m") : new BatchOutcome.Refused($"{reason}: m");
        Assert.Equal(expected, GrpcReplayTarget.Outcome(reply));
    }

    [Fact]
    public void Should_say_that_it_is_forgotten_when_the_session_is_past_it()
    {
        var reply = Reply(3);
        reply.Results.Add(new WriteResult { Error = new Error { Reason = "SESSION_EXPIRED" } });
        Assert.Equal(new BatchOutcome.Forgotten(), GrpcReplayTarget.Outcome(reply));
    }

    private static WriteBatchReply Reply(params long[] changed)
    {
        var reply = new WriteBatchReply();
        reply.Results.AddRange(changed.Select(each => new WriteResult { Changed = each }));
        return reply;
    }
}
