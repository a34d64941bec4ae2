using Akka.Actor;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Guards;

/// <summary>A guard over its real journal.</summary>
public sealed class EpochGuardSpecs : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ClusterId Cluster = ClusterId.NewRandom();
    private static readonly Guid Somebody = new("0123456789abcdef0123456789abcdef");
    private readonly DataDirectory _layout;

    public EpochGuardSpecs()
        : this(new DataDirectory(Directory.CreateTempSubdirectory("bitark-guard-").FullName))
    {
    }

    private EpochGuardSpecs(DataDirectory layout)
        : base(GuardKit.ConfigOf((GuardJournal.OfNode, layout)))
    {
        _layout = layout;
        Assert.Null(GuardJournalFile.Prepare(layout, PosixDisk.Instance));
    }

    [Fact]
    public async Task Should_remember_the_newest_promise_when_it_is_started_again()
    {
        var guard = await StartAsync();
        Assert.Null(Recall(guard));
        Promise(guard, 3, Somebody);
        Promise(guard, 5, Guid.Empty);

        Assert.Equal(new EpochPromise(new Epoch(5), Guid.Empty), Recall(await StartAgainAsync(guard)));
    }

    [Fact]
    public async Task Should_write_nothing_when_the_same_is_promised_again()
    {
        var guard = await StartAsync();
        Promise(guard, 3, Somebody);
        Promise(guard, 3, Somebody);

        Assert.Equal([new EpochPromised(new Epoch(3), Somebody)], GuardKit.EventsOf(_layout, Cluster));
    }

    [Fact]
    public async Task Should_take_an_epoch_from_its_proposer_when_nobody_is_to_have_it()
    {
        var guard = await StartAsync();
        Promise(guard, 3, Somebody);
        Promise(guard, 3, Guid.Empty);

        Assert.Equal(new EpochPromise(new Epoch(3), Guid.Empty), Recall(await StartAgainAsync(guard)));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public async Task Should_fail_and_write_nothing_when_a_promise_would_be_taken_back(long epoch, bool isForNobody)
    {
        var guard = await StartAsync();
        Promise(guard, 3, Somebody);
        guard.Tell(new GuardProtocol.Promise(1, new Epoch(epoch), isForNobody ? Guid.Empty : Guid.NewGuid()), TestActor);

        Assert.False(ExpectMsg<GuardProtocol.Failed>(Patience).IsDamage);
        Assert.Single(GuardKit.EventsOf(_layout, Cluster));
    }

    [Fact]
    public async Task Should_keep_few_events_when_it_has_promised_often()
    {
        var guard = await StartAsync();
        for (var epoch = 1; epoch <= 48; epoch++)
            Promise(guard, epoch, Somebody);

        await Eventually.HoldsAsync(() => GuardKit.EventsOf(_layout, Cluster).Count == 4, "all but the last few are gone");
        Assert.Equal(new EpochPromise(new Epoch(48), Somebody), Recall(await StartAgainAsync(guard)));
    }

    [Fact]
    public async Task Should_go_on_when_old_events_cannot_be_deleted()
    {
        var guard = await StartAsync();
        Promise(guard, 1, Somebody);
        GuardKit.Change(_layout, "CREATE TRIGGER keep BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'not today'); END");
        for (var epoch = 2; epoch <= 20; epoch++)
            Promise(guard, epoch, Somebody);

        Assert.Equal(20, GuardKit.EventsOf(_layout, Cluster).Max(promised => promised.Epoch.Value));
    }

    [Fact]
    public async Task Should_fail_for_good_when_a_promise_cannot_be_written()
    {
        var guard = await StartAsync();
        Promise(guard, 1, Somebody);
        GuardKit.Change(_layout, "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        Watch(guard);
        guard.Tell(new GuardProtocol.Promise(2, new Epoch(2), Somebody), TestActor);

        // One comes through its parent, the other does not.
        var heard = ReceiveN(2, Patience);
        var failed = Assert.Single(heard.OfType<GuardProtocol.Failed>());
        Assert.False(failed.IsDamage);
        Assert.Contains("the disk is full", failed.Reason, StringComparison.Ordinal);
        Assert.Single(heard.OfType<Terminated>());
    }

    [Theory]
    [InlineData("UPDATE journal SET message = x'0100'", "36")]
    [InlineData("UPDATE journal SET manifest = 'Q'", "kind")]
    [InlineData("UPDATE journal SET message = (SELECT message FROM journal WHERE sequence_number = 1) WHERE sequence_number = 2", "behind")]
    public async Task Should_call_it_damage_and_begin_anew_when_told_when_its_events_are_bad(string sql, string named)
    {
        var guard = await StartAsync();
        Promise(guard, 3, Somebody);
        Promise(guard, 4, Somebody);
        await StopAsync(guard);
        Assert.NotEqual(0, GuardKit.Change(_layout, sql));

        await StartAsync();
        var failed = ExpectMsg<GuardProtocol.Failed>(Patience);
        Assert.True(failed.IsDamage, failed.Reason);
        Assert.Contains(named, failed.Reason, StringComparison.Ordinal);

        var anew = await StartAsync(isAnew: true);
        Assert.Null(Recall(anew));
        Promise(anew, 2, Guid.Empty);
        await Eventually.HoldsAsync(() => GuardKit.Ask(_layout, "SELECT count(*) FROM journal WHERE deleted = 0") == "1", "what was unreadable is gone");
        Assert.Equal(new EpochPromise(new Epoch(2), Guid.Empty), Recall(await StartAgainAsync(anew)));
    }

    [Fact]
    public async Task Should_keep_the_promises_of_replicas_apart()
    {
        Promise(await StartAsync(), 3, Somebody);
        Assert.Null(Recall(await StartAsync(partition: 1)));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_layout.Root, recursive: true);
    }

    private async Task<IActorRef> StartAsync(bool isAnew = false, int partition = 0)
    {
        var started = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        var guard = EpochGuardActor.Props(GuardJournal.OfNode, Cluster, new PartitionId(partition), isAnew);
        Sys.ActorOf(Props.Create(() => new ForwardingParent(guard, TestActor, started)));
        return await started.Task.WaitAsync(Patience);
    }

    private async Task<IActorRef> StartAgainAsync(IActorRef guard)
    {
        await StopAsync(guard);
        return await StartAsync();
    }

    private async Task StopAsync(IActorRef guard) => Assert.True(await guard.GracefulStop(Patience));

    private EpochPromise? Recall(IActorRef guard)
    {
        guard.Tell(new GuardProtocol.Recall(7), TestActor);
        var recovered = ExpectMsg<GuardProtocol.Recovered>(Patience);
        Assert.Equal(7, recovered.Attempt);
        return recovered.Promise;
    }

    private void Promise(IActorRef guard, long epoch, Guid proposer)
    {
        guard.Tell(new GuardProtocol.Promise(epoch + 100, new Epoch(epoch), proposer), TestActor);
        Assert.Equal(epoch + 100, ExpectMsg<GuardProtocol.Promised>(Patience).Attempt);
        Assert.Equal(new EpochPromised(new Epoch(epoch), proposer), GuardKit.NewestOf(_layout, Cluster));
    }
}
