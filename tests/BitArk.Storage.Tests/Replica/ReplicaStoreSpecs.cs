using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

public sealed class ReplicaStoreSpecs
{
    [Fact]
    public void Should_find_everything_again_when_only_the_log_is_there()
    {
        var disk = new MemoryDisk();
        ulong digest;
        Lsn applied;
        using (var replica = ReplicaHarness.Open(disk))
        {
            for (var i = 1; i <= 5000; i++)
                replica.Mark(i % 100, 7, i, session: 1 + (i % 10), sequence: i);
            digest = replica.State.Digest();
            applied = replica.State.LastAppliedLsn;
        }

        using var again = ReplicaHarness.Recover(disk.AfterKill());
        Assert.Equal(digest, again.State.Digest());
        Assert.Equal(applied, again.State.LastAppliedLsn);
    }

    [Fact]
    public void Should_find_everything_again_when_there_are_snapshots_and_a_collected_log()
    {
        var disk = new MemoryDisk();
        ulong digest;
        using (var replica = ReplicaHarness.Open(disk))
        {
            for (var i = 1; i <= 6000; i++)
            {
                replica.Mark(i % 100, 7, i, session: 1 + (i % 10), sequence: i);
                if (i % 1500 == 0)
                {
                    replica.Snapshot();
                    replica.Collect();
                }
            }

            replica.Mark(1, 1, 99);
            digest = replica.State.Digest();
            Assert.True(replica.Store.Log.MinRetainedLsn > new Lsn(65536));
        }

        using var again = ReplicaHarness.Recover(disk.AfterKill());
        Assert.Equal(digest, again.State.Digest());
    }

    [Fact]
    public void Should_use_a_higher_epoch_each_time_when_it_is_opened_again()
    {
        var disk = new MemoryDisk();
        for (var expected = 1; expected <= 5; expected++)
        {
            using var replica = expected % 2 == 0 ? ReplicaHarness.Recover(disk) : ReplicaHarness.Open(disk);
            Assert.Equal(new Epoch(expected), replica.Store.Epoch);
            disk = disk.AfterKill();
        }
    }
}
