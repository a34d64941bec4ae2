using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

public sealed class PromiseSpecs
{
    private static readonly Guid Somebody = new("0123456789abcdef0123456789abcdef");
    private static readonly Guid Another = new("fedcba9876543210fedcba9876543210");

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Should_begin_no_epoch_by_opening_when_it_is_one_of_several()
    {
        for (var i = 0; i < 3; i++)
        {
            using var replica = ReplicaHarness.OpenOneOfSeveral(_disk);
            Assert.Equal((EpochPromise.None, Epoch.None), (replica.Store.Promised, replica.Store.Epoch));
        }
    }

    [Fact]
    public void Should_remember_epoch_and_proposer_when_opened_again()
    {
        using (var replica = ReplicaHarness.OpenOneOfSeveral(_disk))
        {
            replica.Store.Promise(new Epoch(4), Somebody);
            replica.Store.Promise(new Epoch(4), Somebody);
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(_disk.AfterPowerCut(0));
        Assert.Equal(new EpochPromise(new Epoch(4), Somebody), again.Store.Promised);
    }

    [Fact]
    public void Should_refuse_what_would_break_a_promise()
    {
        using var replica = ReplicaHarness.OpenOneOfSeveral(_disk);
        replica.Store.Promise(new Epoch(4), Somebody);
        Assert.Throws<ArgumentException>(() => replica.Store.Promise(new Epoch(4), Another));
        Assert.Throws<ArgumentException>(() => replica.Store.Promise(new Epoch(3), Somebody));
        Assert.Throws<ArgumentException>(() => replica.Store.Promise(new Epoch(4), Guid.Empty));
        Assert.Equal(new EpochPromise(new Epoch(4), Somebody), replica.Store.Promised);
    }

    [Fact]
    public void Should_give_an_epoch_heard_from_its_leader_to_no_proposer()
    {
        using (var replica = ReplicaHarness.OpenOneOfSeveral(_disk))
        {
            replica.Store.Promise(new Epoch(4), Somebody);
            replica.Store.Promise(new Epoch(5), Guid.Empty);
            Assert.Throws<ArgumentException>(() => replica.Store.Promise(new Epoch(5), Somebody));
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(_disk.AfterPowerCut(0));
        Assert.Equal(new EpochPromise(new Epoch(5), Guid.Empty), again.Store.Promised);
        Assert.Equal(again.Store.Promised, ReplicaStore.TryReadPromise(ReplicaHarness.OneOfSeveral, _disk));
    }

    [Fact]
    public void Should_take_over_only_what_breaks_no_promise_when_it_agrees_with_a_guard()
    {
        using (var replica = ReplicaHarness.OpenOneOfSeveral(_disk))
        {
            replica.Store.Promise(new Epoch(4), Somebody);
            Assert.Throws<ArgumentException>(() => replica.Store.AgreeOn(new EpochPromise(new Epoch(3), Somebody)));
            Assert.Throws<ArgumentException>(() => replica.Store.AgreeOn(new EpochPromise(new Epoch(4), Another)));
            replica.Store.AgreeOn(new EpochPromise(new Epoch(4), Guid.Empty));
            Assert.Throws<ArgumentException>(() => replica.Store.Promise(new Epoch(4), Somebody));
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(_disk.AfterPowerCut(0));
        Assert.Equal(new EpochPromise(new Epoch(4), Guid.Empty), again.Store.Promised);
        again.Store.AgreeOn(new EpochPromise(new Epoch(6), Another));
        Assert.Equal(new EpochPromise(new Epoch(6), Another), again.Store.Promised);
    }

    [Fact]
    public void Should_remember_that_it_is_guarded_when_opened_again()
    {
        using (var replica = ReplicaHarness.OpenOneOfSeveral(_disk))
        {
            Assert.False(replica.Store.IsGuarded);
            replica.Store.RecordGuard();
            Assert.True(replica.Store.IsGuarded);
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(_disk.AfterPowerCut(0));
        Assert.True(again.Store.IsGuarded);
    }

    [Fact]
    public void Should_lead_an_epoch_once_and_only_one_it_has_promised()
    {
        using (var replica = ReplicaHarness.OpenOneOfSeveral(_disk))
        {
            Assert.Throws<InvalidOperationException>(() => replica.Store.BeginEpoch(new Epoch(1)));
            replica.Lead(new Epoch(2), Somebody);
            Assert.Equal(new Epoch(2), replica.Store.Epoch);
            replica.Mark(1, 1, 5);
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(_disk.AfterKill());
        Assert.Equal((new Epoch(2), Epoch.None), (again.Store.Promised.Epoch, again.Store.Epoch));
        Assert.Throws<InvalidOperationException>(() => again.Store.BeginEpoch(new Epoch(2)));
    }

    [Fact]
    public void Should_not_lead_an_epoch_again_after_a_power_cut_that_took_all_that_was_appended_in_it()
    {
        using (var replica = ReplicaHarness.OpenOneOfSeveral(_disk))
        {
            replica.Store.Promise(new Epoch(2), Somebody);
            replica.Store.BeginEpoch(new Epoch(2));
            Assert.Throws<InvalidOperationException>(() => replica.Store.BeginEpoch(new Epoch(2)));
            Assert.Throws<ArgumentException>(() => replica.Store.Promise(new Epoch(2), Somebody));
        }

        var disk = _disk.AfterPowerCut(0);
        using var again = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.Equal(new EpochPromise(new Epoch(2), Guid.Empty), again.Store.Promised);
        Assert.Throws<InvalidOperationException>(() => again.Store.BeginEpoch(new Epoch(2)));
    }

    [Fact]
    public void Should_take_a_promise_for_spent_when_one_slot_says_so()
    {
        using (var replica = ReplicaHarness.OpenOneOfSeveral(_disk))
            replica.Store.Promise(new Epoch(2), Somebody);
        var faulty = new FaultyDisk(_disk);
        using (var replica = ReplicaHarness.OpenOneOfSeveral(faulty))
        {
            var synced = 0;
            faulty.FailWhen = (operation, path) => operation == "fdatasync" && path.EndsWith("epoch.mark", StringComparison.Ordinal) && ++synced == 2;
            Assert.Throws<DiskException>(() => replica.Store.BeginEpoch(new Epoch(2)));
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(_disk.AfterPowerCut(0));
        Assert.Equal(new EpochPromise(new Epoch(2), Guid.Empty), again.Store.Promised);
    }

    [Fact]
    public void Should_give_no_further_promise_when_one_failed_half_way()
    {
        var faulty = new FaultyDisk(_disk);
        using var replica = ReplicaHarness.OpenOneOfSeveral(faulty);
        faulty.FailWhen = (operation, path) => operation == "fdatasync" && path.EndsWith("epoch.mark", StringComparison.Ordinal);
        Assert.Throws<DiskException>(() => replica.Store.Promise(new Epoch(4), Somebody));
        faulty.FailWhen = null;
        Assert.Throws<InvalidOperationException>(() => replica.Store.Promise(new Epoch(5), Somebody));
        Assert.Equal(EpochPromise.None, replica.Store.Promised);
    }

    // What is durable is unknown: the epoch that it would lead may have been promised away on the disk.
    [Fact]
    public void Should_not_lead_what_it_promised_before_when_a_later_promise_failed_half_way()
    {
        var faulty = new FaultyDisk(_disk);
        using var replica = ReplicaHarness.OpenOneOfSeveral(faulty);
        replica.Store.Promise(new Epoch(4), Somebody);
        faulty.FailWhen = (operation, path) => operation == "fdatasync" && path.EndsWith("epoch.mark", StringComparison.Ordinal);
        Assert.Throws<DiskException>(() => replica.Store.Promise(new Epoch(5), Another));
        faulty.FailWhen = null;

        Assert.Contains("earlier promise failed", Assert.Throws<InvalidOperationException>(() => replica.Store.BeginEpoch(new Epoch(4))).Message, StringComparison.Ordinal);
        Assert.Equal(Epoch.None, replica.Store.Epoch);
    }

    [Fact]
    public void Should_never_forget_an_answered_promise_when_interrupted_at_any_call()
    {
        for (var call = 1; ; call++)
        {
            var memory = new MemoryDisk();
            ReplicaHarness.OpenOneOfSeveral(memory).Dispose();
            var faulty = new FaultyDisk(memory) { CrashAt = call };
            var answered = RunPromises(faulty);
            for (var seed = 0; seed < 6; seed++)
            {
                using var again = ReplicaHarness.OpenOneOfSeveral(memory.AfterPowerCut(seed));
                Assert.InRange(again.Store.Promised.Epoch.Value, answered, answered + 2);
                Assert.Equal(again.Store.Promised.Epoch == Epoch.None ? Guid.Empty : Somebody, again.Store.Promised.Proposer);
            }

            if (!faulty.HasFired)
                return;
        }
    }

    [Fact]
    public void Should_write_a_half_given_promise_into_both_slots_when_opened_again()
    {
        ReplicaHarness.OpenOneOfSeveral(_disk).Dispose();
        var faulty = new FaultyDisk(_disk);
        using (var replica = ReplicaHarness.OpenOneOfSeveral(faulty))
        {
            var synced = 0;
            faulty.FailWhen = (operation, _) => operation == "fdatasync" && ++synced == 2;
            Assert.Throws<DiskException>(() => replica.Store.Promise(new Epoch(4), Somebody));
        }

        var disk = _disk.AfterPowerCut(0);
        using (var again = ReplicaHarness.OpenOneOfSeveral(disk))
            Assert.Equal(new Epoch(4), again.Store.Promised.Epoch);
        disk.Corrupt(ReplicaHarness.Directory.EpochMarkPath, bytes => bytes[0] ^= 1);
        using var last = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.Equal(new Epoch(4), last.Store.Promised.Epoch);
    }

    private static long RunPromises(FaultyDisk disk)
    {
        var answered = 0L;
        try
        {
            using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
            for (var epoch = 2; epoch <= 6; epoch += 2)
            {
                replica.Store.Promise(new Epoch(epoch), Somebody);
                answered = epoch;
            }
        }
        catch (SimulatedCrashException)
        {
        }

        return answered;
    }
}
