using BitArk.Cluster.Bitmap;

namespace BitArk.Cluster.Tests.Bitmap;

public sealed class AppliedWaitersSpecs
{
    private readonly AppliedWaiters _waiters = new();
    private long _applied;

    private Lsn Applied() => new(Volatile.Read(ref _applied));

    [Fact]
    public async Task Should_wake_those_reached_and_no_others_when_a_position_is_applied()
    {
        var near = _waiters.When(new Lsn(10), Applied, CancellationToken.None);
        var far = _waiters.When(new Lsn(20), Applied, CancellationToken.None);

        _applied = 15;
        _waiters.Applied(new Lsn(15));

        await near.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.False(far.IsCompleted);
    }

    [Fact]
    public void Should_not_wait_when_the_position_was_applied_between_look_and_registration()
    {
        _applied = 10;
        Assert.True(_waiters.When(new Lsn(10), Applied, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Should_lose_nobody_when_waiting_races_with_applying()
    {
        var applier = Task.Run(() =>
        {
            for (var lsn = 1; lsn <= 20_000; lsn++)
            {
                Volatile.Write(ref _applied, lsn);
                _waiters.Applied(new Lsn(lsn));
            }
        });
        for (var lsn = 1; lsn <= 20_000; lsn += 7)
            await _waiters.When(new Lsn(lsn), Applied, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        await applier;
    }

    // Any client can send a position that never comes, as often as it likes.
    [Fact]
    public async Task Should_keep_none_for_long_when_waiters_give_up()
    {
        var patient = _waiters.When(new Lsn(10), Applied, CancellationToken.None);
        for (var i = 0; i < 1000; i++)
        {
            using var given = new CancellationTokenSource();
            var waiting = _waiters.When(new Lsn(1L << 40), Applied, given.Token);
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        Assert.True(_waiters.Count < 100, $"{_waiters.Count} are kept.");
        _applied = 10;
        _waiters.Applied(new Lsn(10));
        await patient.WaitAsync(TimeSpan.FromSeconds(5));
    }
}
