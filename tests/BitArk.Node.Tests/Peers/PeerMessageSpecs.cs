using BitArk.Cluster;
using BitArk.Node.Peers;
using BitArk.Protocol.Internal.V1;
using Google.Protobuf;

namespace BitArk.Node.Tests.Peers;

/// <summary>Every case of both unions crosses the wire as itself; what a newer version adds is never taken for something else.</summary>
public sealed class PeerMessageSpecs
{
    private static readonly NodeId Node = new("node3");
    private static readonly ReadPosition Seen = new(new Epoch(4), new Lsn(400));

    private static readonly WriteOutcome[] Outcomes =
    [
        new WriteOutcome.Overloaded(TimeSpan.FromMilliseconds(50)), new WriteOutcome.DiskLow(1, 2), new WriteOutcome.MemoryLimit(3, 4),
        new WriteOutcome.TooLarge(5, 6), new WriteOutcome.Recovering(0.5), new WriteOutcome.NoLeader(),
        new WriteOutcome.NotLeader(Node, new Epoch(4)), new WriteOutcome.NotLeader(null, Epoch.None), new WriteOutcome.WrongEpoch(Node, new Epoch(5)),
        new WriteOutcome.TokenLost(Seen, default), new WriteOutcome.SessionExpired(8),
        new WriteOutcome.StorageFailed("the leader's storage failed"), new WriteOutcome.OutcomeUnknown("the leader could not tell"),
    ];

    private static readonly ReadRefusal[] Refusals =
    [
        new ReadRefusal.NoLeader(), new ReadRefusal.NotLeader(Node, new Epoch(4)), new ReadRefusal.WrongEpoch(null, new Epoch(4)), new ReadRefusal.Recovering(0.25),
        new ReadRefusal.Behind(Seen, Node), new ReadRefusal.TokenLost(Seen, Seen), new ReadRefusal.StorageFailed(), new ReadRefusal.TooLarge(99),
    ];

    [Fact]
    public void Should_be_itself_on_the_other_side_when_a_write_outcome_travels()
    {
        Assert.All(Outcomes, outcome => Assert.Equal(outcome, WriteOutcomeMessages.FromReply(ForwardedWriteReply.Parser.ParseFrom(WriteOutcomeMessages.ToReply(outcome).ToByteArray()))));
        Assert.Equal(typeof(WriteOutcome).GetNestedTypes().Length - 1, Outcomes.Select(outcome => outcome.GetType()).Distinct().Count());

        var committed = Assert.IsType<WriteOutcome.Committed>(WriteOutcomeMessages.FromReply(WriteOutcomeMessages.ToReply(new WriteOutcome.Committed(new Epoch(4), new Lsn(9), [1, 2]))));
        Assert.Equal((new Epoch(4), new Lsn(9)), (committed.Epoch, committed.Lsn));
        Assert.Equal([1, 2], committed.Changed);
    }

    [Fact]
    public void Should_be_itself_on_the_other_side_when_a_refusal_travels()
    {
        Assert.All(Refusals, refusal => Assert.Equal(refusal, RefusalMessages.FromMessage(Refusal.Parser.ParseFrom(RefusalMessages.ToMessage(refusal).ToByteArray()))));
        Assert.Equal(typeof(ReadRefusal).GetNestedTypes().Length, Refusals.Select(refusal => refusal.GetType()).Distinct().Count());
    }

    [Fact]
    public void Should_be_unknown_when_a_newer_version_answers_something_else() =>
        Assert.IsType<WriteOutcome.OutcomeUnknown>(WriteOutcomeMessages.FromReply(ForwardedWriteReply.Parser.ParseFrom([0xA2, 0x06, 0x00])));
}
