using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Follower;

public sealed class ReceiveRulesSpecs
{
    // Promised epoch 5, streaming, the log ends at 1000 with a record of epoch 4.
    private static readonly ReceivePosition Position = new(Known.Epoch, true, new Lsn(1000), new Epoch(4));

    public static TheoryData<long, int, ReceiveDecision> Places => new()
    {
        { 1000, 80, new ReceiveDecision.Append(0) },
        { 960, 80, new ReceiveDecision.Append(40) },
        { 920, 80, new ReceiveDecision.Duplicate() },
        { 64, 80, new ReceiveDecision.Duplicate() },
        { 1000, 0, new ReceiveDecision.Duplicate() },
        { 500, 0, new ReceiveDecision.Duplicate() },
        { 1008, 80, new ReceiveDecision.Gap(new Lsn(1000)) },
        { 1008, 0, new ReceiveDecision.Gap(new Lsn(1000)) },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Should_take_what_follows_skip_what_is_here_and_name_a_gap(long start, int length, ReceiveDecision decision) =>
        Assert.Equal(decision, ReceiveRules.OnHeader(Position, Batch(start, length)));

    [Fact]
    public void Should_refuse_a_leader_of_the_past_and_promise_first_to_one_of_the_future()
    {
        Assert.Equal(new ReceiveDecision.StaleEpoch(), ReceiveRules.OnHeader(Position, Batch(1000, 80) with { Epoch = new Epoch(4) }));
        Assert.Equal(new ReceiveDecision.HigherEpoch(new Epoch(6)), ReceiveRules.OnHeader(Position, Batch(1000, 80) with { Epoch = new Epoch(6) }));
    }

    [Fact]
    public void Should_take_nothing_when_no_stream_was_granted() =>
        Assert.Equal(new ReceiveDecision.NotStreaming(), ReceiveRules.OnHeader(Position with { IsStreaming = false }, Batch(1000, 80)));

    [Fact]
    public void Should_stop_when_the_record_before_is_of_another_epoch() =>
        Assert.Equal(new ReceiveDecision.Diverged(new Lsn(1000)), ReceiveRules.OnHeader(Position, Batch(1000, 80) with { PreviousEpoch = new Epoch(3) }));

    [Fact]
    public void Should_append_nothing_of_a_batch_that_was_damaged_on_the_way()
    {
        var corrupt = new BytesVerdict.Corrupt("a checksum is wrong");
        Assert.Equal(
            new ReceiveDecision.Corrupt(new Lsn(1000), "a checksum is wrong"),
            ReceiveRules.OnBytes(Position, new ReceiveDecision.Append(0), corrupt));
        Assert.Equal(
            new ReceiveDecision.Corrupt(new Lsn(1000), "a checksum is wrong"),
            ReceiveRules.OnBytes(Position, new ReceiveDecision.Duplicate(), corrupt));
    }

    [Fact]
    public void Should_stop_when_the_same_place_holds_other_bytes() =>
        Assert.Equal(
            new ReceiveDecision.Diverged(new Lsn(960)),
            ReceiveRules.OnBytes(Position, new ReceiveDecision.Duplicate(), new BytesVerdict.DiffersAt(new Lsn(960))));

    [Fact]
    public void Should_keep_to_the_header_when_the_bytes_are_sound()
    {
        var sound = new BytesVerdict.Sound();
        Assert.Equal(new ReceiveDecision.Append(40), ReceiveRules.OnBytes(Position, new ReceiveDecision.Append(40), sound));
        Assert.Equal(new ReceiveDecision.Duplicate(), ReceiveRules.OnBytes(Position, new ReceiveDecision.Duplicate(), sound));
    }

    private static ReplicateBatch Batch(long start, int length) =>
        new(Known.Cluster, Known.Partition, Known.Epoch, new Lsn(start), new Epoch(4), Lsn.Zero, Lsn.Zero, new byte[length]);
}
