using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>An open replica that somebody else goes on with.</summary>
public sealed class RenewSpecs
{
    private static readonly Guid Somebody = Guid.NewGuid();
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Should_begin_the_next_epoch_durably_when_a_lone_replica_is_renewed()
    {
        using (var replica = ReplicaHarness.Open(_disk))
        {
            var first = replica.Store.Epoch;
            replica.Mark(1, 1, 5);
            replica.Store.Renew();
            Assert.Equal(first.Next(), replica.Store.Epoch);
            replica.BeginEpoch();
            replica.Mark(1, 6, 9);
        }

        using var again = ReplicaHarness.Open(_disk.AfterPowerCut(0));
        Assert.Equal(new Epoch(3), again.Store.Epoch);
    }

    [Fact]
    public void Should_lead_nothing_and_keep_its_promise_when_one_of_several_is_renewed()
    {
        using var replica = ReplicaHarness.OpenOneOfSeveral(_disk);
        replica.Lead(new Epoch(2), Somebody);
        replica.Mark(1, 1, 5);

        replica.Store.Renew();

        Assert.Equal(Epoch.None, replica.Store.Epoch);
        Assert.Equal(new EpochPromise(new Epoch(2), Guid.Empty), replica.Store.Promised);
        Assert.Throws<InvalidOperationException>(() => replica.Store.BeginEpoch(new Epoch(2)));
        replica.Lead(new Epoch(3), Somebody);
        replica.Mark(1, 6, 9);
    }

    [Fact]
    public void Should_refuse_when_something_appended_is_not_durable()
    {
        using var replica = ReplicaHarness.Open(_disk);
        Assert.Equal(Storage.Wal.AppendOutcome.Appended, replica.Store.Log.TryAppend(replica.Store.Epoch, Storage.Wal.RecordType.EpochStart, 0, new byte[16], out _, out _));

        Assert.Throws<InvalidOperationException>(replica.Store.Renew);
    }
}
