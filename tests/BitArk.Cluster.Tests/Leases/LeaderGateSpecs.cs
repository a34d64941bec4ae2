using BitArk.Cluster.Leases;
using BitArk.Replication;
using BitArk.Replication.Failover;
using Microsoft.Extensions.Time.Testing;

namespace BitArk.Cluster.Tests.Leases;

public sealed class LeaderGateSpecs : IDisposable
{
    private static readonly NodeId Self = new("node1");
    private static readonly NodeId Second = new("node2");
    private static readonly Epoch Epoch = new(4);

    private readonly FakeTimeProvider _clock = new();
    private readonly List<TimeSpan> _beats = [];
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(20));
    private readonly LeaderGate _gate;

    public LeaderGateSpecs()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        _gate = new LeaderGate(new ReplicaSet([Self, Second, new NodeId("node3")]), Self, Epoch, new LeaseTerms(TimeSpan.FromSeconds(1)), _clock, _beats.Add);
    }

    [Fact]
    public void Should_hold_from_the_sending_of_what_was_echoed_less_the_drift()
    {
        Assert.False(_gate.IsHeld);
        var sent = _gate.Now;
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        _gate.OnEcho(Second, Epoch, isLearner: false, sent);
        Assert.True(_gate.IsHeld);
        _clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.True(_gate.IsHeld);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_gate.IsHeld);
    }

    [Fact]
    public void Should_not_hold_when_it_has_ended()
    {
        _gate.OnEcho(Second, Epoch, isLearner: false, _gate.Now);
        Assert.True(_gate.IsHeld);
        _gate.End();
        Assert.False(_gate.IsHeld);
        _gate.OnEcho(Second, Epoch, isLearner: false, _gate.Now);
        Assert.False(_gate.IsHeld);
    }

    [Fact]
    public async Task Should_confirm_only_with_a_heartbeat_sent_after_the_question()
    {
        var before = _gate.Now;
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var confirming = _gate.ConfirmAsync(_deadline.Token).AsTask();
        Assert.Equal([_gate.Now], _beats);

        _gate.OnEcho(Second, Epoch, isLearner: false, before);
        Assert.False(confirming.IsCompleted);
        _gate.OnEcho(Second, Epoch, isLearner: true, _gate.Now);
        Assert.False(confirming.IsCompleted);
        _gate.OnEcho(Second, Epoch, isLearner: false, _gate.Now);
        Assert.Equal(LeaseAnswer.Confirmed, await confirming);
    }

    // With a heartbeat for each of them the echoes would name ones that are forgotten already, and the lease never come back.
    [Fact]
    public async Task Should_have_one_round_under_way_however_many_ask()
    {
        var first = _gate.ConfirmAsync(_deadline.Token).AsTask();
        var sent = _gate.Now;
        var later = new List<Task<LeaseAnswer>>();
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            later.Add(_gate.ConfirmAsync(_deadline.Token).AsTask());
        }

        Assert.Single(_beats);
        _gate.OnEcho(Second, Epoch, isLearner: false, sent);
        Assert.Equal(LeaseAnswer.Confirmed, await first);
        Assert.Equal([sent, _gate.Now], _beats);
        Assert.DoesNotContain(later, task => task.IsCompleted);
        _gate.OnEcho(Second, Epoch, isLearner: false, _gate.Now);
        Assert.All(await Task.WhenAll(later), answer => Assert.Equal(LeaseAnswer.Confirmed, answer));
    }

    [Fact]
    public async Task Should_confirm_nothing_when_the_leadership_ends_or_the_deadline_comes()
    {
        using var soon = new CancellationTokenSource();
        var (first, second) = (_gate.ConfirmAsync(_deadline.Token).AsTask(), _gate.ConfirmAsync(soon.Token).AsTask());
        await soon.CancelAsync();
        Assert.Equal(LeaseAnswer.NotInTime, await second);
        _gate.End();
        Assert.Equal(LeaseAnswer.Over, await first);
        Assert.Equal(LeaseAnswer.Over, await _gate.ConfirmAsync(_deadline.Token));
    }

    // A leader that is cut off would keep its readers until their deadlines, which may be far.
    [Fact]
    public async Task Should_wait_for_a_majority_no_longer_than_one_lease()
    {
        var confirming = _gate.ConfirmAsync(_deadline.Token).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(confirming.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(LeaseAnswer.NotInTime, await confirming);
    }

    public void Dispose() => _deadline.Dispose();
}
