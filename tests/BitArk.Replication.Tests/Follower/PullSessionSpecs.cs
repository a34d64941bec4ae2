using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Follower;

public sealed class PullSessionSpecs
{
    private static readonly Lsn Written = new(1000);
    private readonly PullSession _session = new(new ReplicationSettings { RetryFirst = Known.Ms(100), RetryLongest = Known.Ms(800) }, new Random(3));

    [Fact]
    public void Should_ask_nothing_when_it_has_no_leader()
    {
        Assert.Null(_session.NextPull(Known.Ms(1000)));
        Assert.Null(_session.MatchedLsn(Written));
    }

    [Fact]
    public void Should_ask_again_with_fresh_nonces_and_longer_waits_until_answered()
    {
        _session.Begin(Known.Epoch, Known.Ms(0));
        var asked = new List<(int At, long Nonce)>();
        for (var at = 0; at < 5000; at++)
        {
            if (_session.NextPull(Known.Ms(at)) is { } nonce)
                asked.Add((at, nonce));
        }

        Assert.Equal(0, asked[0].At);
        Assert.InRange(asked[1].At, 50, 100);
        Assert.Equal(asked.Count, asked.Select(ask => ask.Nonce).Distinct().Count());
        Assert.All(asked.Zip(asked.Skip(1)).Skip(3), pair => Assert.InRange(pair.Second.At - pair.First.At, 400, 801));
    }

    [Fact]
    public void Should_stream_and_know_what_matches_when_granted()
    {
        var nonce = Pull();
        Assert.Null(_session.MatchedLsn(Written));
        Assert.IsType<PullOutcome.Stream>(Answer(Grant(nonce)));
        Assert.Equal(PullState.Streaming, _session.State);
        Assert.Equal(Written, _session.MatchedLsn(Written));
        Assert.Null(_session.NextPull(Known.Ms(99_999)));
    }

    [Fact]
    public void Should_obey_once_and_only_the_answer_to_the_newest_question()
    {
        var old = Pull();
        var nonce = _session.NextPull(Known.Ms(500))!.Value;
        Assert.IsType<PullOutcome.Ignored>(Answer(Cut(old)));
        Assert.IsType<PullOutcome.Ignored>(Answer(Grant(old)));
        Assert.IsType<PullOutcome.Cut>(Answer(Cut(nonce)));
        Assert.IsType<PullOutcome.Ignored>(Answer(Cut(nonce)));

        _session.CutDone(Known.Ms(500));
        Assert.IsType<PullOutcome.Ignored>(Answer(Cut(nonce)));
        Assert.IsType<PullOutcome.Stream>(Answer(Grant(_session.NextPull(Known.Ms(500))!.Value)));
        Assert.IsType<PullOutcome.Ignored>(Answer(Cut(nonce)));
        Assert.IsType<PullOutcome.Ignored>(Answer(Sync(nonce)));
        Assert.Equal(PullState.Streaming, _session.State);
    }

    [Fact]
    public void Should_take_no_answer_of_another_epoch()
    {
        var nonce = Pull();
        Assert.IsType<PullOutcome.Ignored>(Answer(Grant(nonce) with { Epoch = new Epoch(4) }));
        Assert.IsType<PullOutcome.Ignored>(Answer(Cut(nonce) with { Epoch = new Epoch(6) }));
        Assert.Equal(PullState.Pulling, _session.State);
    }

    [Fact]
    public void Should_ask_again_when_a_grant_is_not_for_the_log_it_has()
    {
        Assert.IsType<PullOutcome.AskAgain>(Answer(Grant(Pull()) with { From = new Lsn(999) }));
        Assert.Equal(PullState.Pulling, _session.State);
        Assert.NotNull(_session.NextPull(Known.Ms(100)));
    }

    [Fact]
    public void Should_forget_grant_and_cut_when_a_new_epoch_begins()
    {
        Answer(Grant(Pull()));
        _session.Begin(new Epoch(6), Known.Ms(10));
        Assert.Null(_session.MatchedLsn(Written));
        Assert.IsType<PullOutcome.Cut>(Answer(Cut(_session.NextPull(Known.Ms(10))!.Value) with { Epoch = new Epoch(6) }));

        _session.Begin(new Epoch(7), Known.Ms(20));
        Assert.Equal(PullState.Pulling, _session.State);
        _session.CutDone(Known.Ms(20));
        Assert.Equal(PullState.Pulling, _session.State);
        Assert.Throws<ArgumentOutOfRangeException>(() => _session.Begin(new Epoch(6), Known.Ms(30)));
    }

    [Fact]
    public void Should_go_on_with_a_full_sync_when_a_new_epoch_begins()
    {
        Assert.IsType<PullOutcome.FullSync>(Answer(Sync(Pull())));
        _session.Begin(new Epoch(6), Known.Ms(10));
        Assert.Equal(PullState.FullSyncing, _session.State);
        Assert.Null(_session.NextPull(Known.Ms(10)));

        _session.FullSyncDone(Known.Ms(20));
        Assert.Equal(PullState.Pulling, _session.State);
        Assert.NotNull(_session.NextPull(Known.Ms(20)));
    }

    [Fact]
    public void Should_wait_before_it_asks_again_when_a_full_sync_failed()
    {
        Answer(Sync(Pull()));
        _session.FullSyncFailed(Known.Ms(1000));
        Assert.Null(_session.NextPull(Known.Ms(1049)));
        Assert.NotNull(_session.NextPull(Known.Ms(1250)));
    }

    [Fact]
    public void Should_want_only_a_snapshot_when_damaged_and_be_sound_after_it()
    {
        Answer(Grant(Pull()));
        _session.RequireFullSync(Known.Ms(10));
        Assert.Equal(PullState.Damaged, _session.State);
        Assert.Null(_session.MatchedLsn(Written));
        Assert.IsType<PullOutcome.AskAgain>(Answer(Grant(_session.NextPull(Known.Ms(10))!.Value)));
        Assert.IsType<PullOutcome.AskAgain>(Answer(Cut(_session.NextPull(Known.Ms(500))!.Value)));
        Assert.IsType<PullOutcome.FullSync>(Answer(Sync(_session.NextPull(Known.Ms(1500))!.Value)));
        Assert.True(_session.IsDamaged);

        _session.FullSyncFailed(Known.Ms(2000));
        Assert.Equal(PullState.Damaged, _session.State);
        Answer(Sync(_session.NextPull(Known.Ms(9000))!.Value));
        _session.FullSyncDone(Known.Ms(9000));
        Assert.False(_session.IsDamaged);
        Assert.IsType<PullOutcome.Stream>(Answer(Grant(_session.NextPull(Known.Ms(9000))!.Value)));
    }

    [Fact]
    public void Should_stay_damaged_when_it_learns_of_its_leader_later()
    {
        _session.RequireFullSync(Known.Ms(0));
        Assert.Equal(PullState.Idle, _session.State);
        _session.Begin(Known.Epoch, Known.Ms(0));
        Assert.Equal(PullState.Damaged, _session.State);
    }

    [Fact]
    public void Should_adopt_a_higher_epoch_and_pull_again_when_its_own_leader_wants_that()
    {
        var nonce = Pull();
        Assert.Equal(new PullOutcome.Adopt(new Epoch(6), Known.C), Answer(Wrong(6, 0)));
        Assert.IsType<PullOutcome.Ignored>(Answer(Wrong(4, nonce)));
        Assert.IsType<PullOutcome.Ignored>(Answer(Wrong(5, 0)));

        Answer(Grant(nonce));
        Assert.IsType<PullOutcome.Ignored>(Answer(Wrong(5, nonce)));
        Assert.IsType<PullOutcome.AskAgain>(Answer(Wrong(5, 0)));
        Assert.Equal(PullState.Pulling, _session.State);
    }

    [Fact]
    public void Should_do_nothing_more_when_stopped()
    {
        var nonce = Pull();
        _session.Stop();
        Assert.IsType<PullOutcome.Ignored>(Answer(Grant(nonce)));
        Assert.Null(_session.NextPull(Known.Ms(9000)));
        _session.CutDone(Known.Ms(9000));
        _session.FullSyncDone(Known.Ms(9000));
        _session.FullSyncFailed(Known.Ms(9000));
        Assert.Equal(PullState.Idle, _session.State);
    }

    [Fact]
    public void Should_never_ask_with_the_nonces_of_an_earlier_run()
    {
        var other = new PullSession(new ReplicationSettings(), new Random(4));
        other.Begin(Known.Epoch, Known.Ms(0));
        Assert.NotEqual(Pull() >> 32, other.NextPull(Known.Ms(0))!.Value >> 32);
    }

    private long Pull()
    {
        _session.Begin(Known.Epoch, Known.Ms(0));
        return _session.NextPull(Known.Ms(0))!.Value;
    }

    private PullOutcome Answer(ReplicationMessage answer) => _session.OnAnswer(answer, Written, Known.Ms(0));

    private static StreamFrom Grant(long nonce) => new(Known.Cluster, Known.Partition, Known.Epoch, nonce, Written, Written);

    private static TruncateTo Cut(long nonce) => new(Known.Cluster, Known.Partition, Known.Epoch, nonce, new Lsn(900), new Epoch(4));

    private static NeedFullSync Sync(long nonce) => new(Known.Cluster, Known.Partition, Known.Epoch, nonce, new Lsn(5000), 100, "127.0.0.1:1");

    private static WrongEpoch Wrong(long epoch, long nonce) => new(Known.Cluster, Known.Partition, new Epoch(epoch), nonce, Known.C);
}
