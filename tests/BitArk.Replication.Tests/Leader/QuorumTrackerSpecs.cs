using BitArk.Replication.Leader;
using BitArk.Replication.Messages;
using CsCheck;

namespace BitArk.Replication.Tests.Leader;

public sealed class QuorumTrackerSpecs
{
    private static readonly NodeId[] Nodes = [.. "abcde".Select(name => new NodeId(name.ToString()))];

    // The first is the leader's WrittenLsn, the others are what followers matched; -1: never acked.
    [Theory]
    [InlineData("500", 100, 500)]
    [InlineData("500 -1", 100, 0)]
    [InlineData("500 300", 100, 300)]
    [InlineData("500 300 -1", 100, 300)]
    [InlineData("500 -1 -1", 100, 0)]
    [InlineData("500 300 400", 100, 400)]
    [InlineData("500 300 400 200", 100, 300)]
    [InlineData("500 300 400 200 100", 100, 300)]
    [InlineData("500 300 400 -1 -1", 100, 300)]
    [InlineData("500 300 -1 -1 -1", 100, 0)]
    [InlineData("500 99 -1", 100, 0)]
    [InlineData("500 100 -1", 100, 100)]
    [InlineData("200 300 400", 100, 200)]
    public void Should_commit_what_a_majority_of_the_configured_set_reached_when_it_covers_the_epochs_start(string positions, long epochStartEnd, long commit)
    {
        var lsns = positions.Split(' ').Select(long.Parse).ToArray();
        var tracker = Tracker(lsns.Length, CommitRule.Quorum);
        tracker.EpochStartAppended(Known.At(epochStartEnd));
        tracker.OnWritten(Known.At(lsns[0]));
        for (var i = 1; i < lsns.Length; i++)
        {
            if (lsns[i] >= 0)
                tracker.OnAck(Ack(i, lsns[i]));
        }

        Assert.Equal(Known.At(commit), tracker.CommitLsn);
    }

    [Fact]
    public void Should_commit_nothing_of_earlier_epochs_when_no_epoch_start_is_appended_yet()
    {
        var tracker = Tracker(3, CommitRule.Quorum);
        tracker.OnWritten(Known.At(500));
        tracker.OnAck(Ack(1, 500));
        Assert.Equal(Lsn.Zero, tracker.CommitLsn);

        tracker.EpochStartAppended(Known.At(500));
        Assert.Equal(Known.At(500), tracker.CommitLsn);
    }

    [Fact]
    public void Should_not_count_other_epochs_or_strangers_or_the_leader_by_message()
    {
        var tracker = Tracker(3, CommitRule.Quorum);
        tracker.EpochStartAppended(Known.At(100));
        tracker.OnWritten(Known.At(500));
        tracker.OnAck(Ack(1, 500, new Epoch(4)));
        tracker.OnAck(Ack(1, 500, new Epoch(6)));
        tracker.OnAck(Ack(4, 500));
        Assert.Equal(Lsn.Zero, tracker.CommitLsn);

        var alone = Tracker(1, CommitRule.Quorum);
        alone.EpochStartAppended(Known.At(100));
        alone.OnAck(Ack(0, 500));
        Assert.Equal(Lsn.Zero, alone.CommitLsn);
    }

    [Fact]
    public void Should_not_count_what_was_acked_before_when_a_follower_lost_it()
    {
        var tracker = Tracker(5, CommitRule.Quorum);
        tracker.EpochStartAppended(Known.At(100));
        tracker.OnWritten(Known.At(500));
        tracker.OnAck(Ack(1, 400));
        tracker.OnAck(Ack(1, null) with { IsDamaged = true });
        tracker.OnAck(Ack(2, 400));
        Assert.Equal(Lsn.Zero, tracker.CommitLsn);

        tracker.OnAck(Ack(1, 300));
        Assert.Equal(Known.At(300), tracker.CommitLsn);
        tracker.OnAck(Ack(1, null) with { IsDamaged = true });
        Assert.Equal(Known.At(300), tracker.CommitLsn);
    }

    [Fact]
    public void Should_commit_nothing_with_a_learner_that_stays_in_the_denominator()
    {
        var tracker = Tracker(3, CommitRule.Quorum);
        tracker.EpochStartAppended(Known.At(100));
        tracker.OnWritten(Known.At(500));
        tracker.OnAck(Ack(1, 500) with { IsLearner = true });
        Assert.Equal(Lsn.Zero, tracker.CommitLsn);

        tracker.OnAck(Ack(2, 400));
        Assert.Equal(Known.At(400), tracker.CommitLsn);

        tracker.OnAck(Ack(1, 450));
        Assert.Equal(Known.At(450), tracker.CommitLsn);
    }

    [Fact]
    public void Should_not_count_what_was_acked_before_when_a_follower_became_a_learner()
    {
        var tracker = Tracker(5, CommitRule.Quorum);
        tracker.EpochStartAppended(Known.At(100));
        tracker.OnWritten(Known.At(500));
        tracker.OnAck(Ack(1, 400));
        tracker.OnAck(Ack(1, 200) with { IsLearner = true });
        tracker.OnAck(Ack(2, 400));
        Assert.Equal(Lsn.Zero, tracker.CommitLsn);
    }

    [Fact]
    public void Should_go_on_committing_when_the_epoch_start_is_appended_again()
    {
        var tracker = Tracker(3, CommitRule.Quorum);
        tracker.EpochStartAppended(Known.At(100));
        tracker.OnWritten(Known.At(500));
        tracker.EpochStartAppended(Known.At(500));
        tracker.OnAck(Ack(1, 300));
        Assert.Equal(Known.At(300), tracker.CommitLsn);
    }

    [Fact]
    public void Should_ask_the_leader_alone_when_the_rule_is_leader()
    {
        var tracker = Tracker(3, CommitRule.Leader);
        tracker.EpochStartAppended(Known.At(100));
        tracker.OnWritten(Known.At(99));
        tracker.OnAck(Ack(1, 500));
        tracker.OnAck(Ack(2, 500));
        Assert.Equal(Lsn.Zero, tracker.CommitLsn);

        tracker.OnWritten(Known.At(200));
        Assert.Equal(Known.At(200), tracker.CommitLsn);
    }

    [Fact]
    public void Should_refuse_a_leader_without_a_replica() =>
        Assert.Throws<ArgumentException>(() => new QuorumTracker(Known.Three, new NodeId("x"), CommitRule.Quorum, Known.Epoch, Lsn.Zero));

    [Fact]
    public void Should_equal_counting_on_fingers_and_never_go_back() =>
        Gen.Select(Gen.Int[1, 5], Gen.Select(Gen.Int[0, 4], Gen.Long[0, 40]).Array[1, 40], Gen.Long[1, 40]).Sample((members, reports, epochStartEnd) =>
        {
            var tracker = Tracker(members, CommitRule.Quorum);
            tracker.EpochStartAppended(Known.At(epochStartEnd));
            var reached = new long[members];
            var before = Lsn.Zero;
            foreach (var (node, lsn) in reports)
            {
                if (node >= members)
                    continue;
                reached[node] = Math.Max(reached[node], lsn);
                if (node == 0)
                    tracker.OnWritten(Known.At(lsn));
                else
                    tracker.OnAck(Ack(node, lsn));

                var safe = Enumerable.Range(0, 41).Last(place => reached.Count(end => end >= place) * 2 > members && reached[0] >= place);
                Assert.Equal(safe >= epochStartEnd ? safe : 0, tracker.CommitLsn.Value);
                Assert.True(tracker.CommitLsn >= before);
                before = tracker.CommitLsn;
            }
        });

    [Fact]
    public void Should_commit_alone_only_until_so_many_ack_with_a_vote_that_with_it_they_are_a_majority()
    {
        var tracker = new QuorumTracker(new ReplicaSet(Nodes), Nodes[0], CommitRule.Quorum, Known.Epoch, Lsn.Zero, isAlone: true);
        tracker.EpochStartAppended(Known.At(100));
        tracker.OnWritten(Known.At(100));
        Assert.Equal(Known.At(100), tracker.CommitLsn);

        // Neither a learner, nor one voter of two that are needed, nor what was acked in another epoch.
        tracker.OnAck(Known.Ack(100, isLearner: true, from: Nodes[1]));
        tracker.OnAck(Known.Ack(100, isDamaged: true, from: Nodes[2]));
        tracker.OnAck(Ack(3, 100));
        tracker.OnAck(Ack(4, 100, new Epoch(4)));
        tracker.OnWritten(Known.At(200));
        Assert.Equal(Known.At(200), tracker.CommitLsn);

        // A vote is enough, whatever it has matched: its echo completes the lease.
        tracker.OnAck(Ack(4, null));
        tracker.OnWritten(Known.At(300));
        Assert.Equal(Known.At(200), tracker.CommitLsn);

        // For good: what was committed alone before is not what clients wait for.
        tracker.OnAck(Known.Ack(null, isLearner: true, from: Nodes[4]));
        tracker.OnWritten(Known.At(400));
        Assert.Equal(Known.At(200), tracker.CommitLsn);
        tracker.OnAck(Ack(3, 400));
        tracker.OnAck(Ack(4, 300));
        Assert.Equal(Known.At(300), tracker.CommitLsn);
    }

    private static Ack Ack(int node, long? matched, Epoch? epoch = null) => Known.Ack(matched, epoch, from: Nodes[node]);

    private static QuorumTracker Tracker(int members, CommitRule rule) => new(new ReplicaSet(Nodes.Take(members)), Nodes[0], rule, Known.Epoch, Lsn.Zero);
}
