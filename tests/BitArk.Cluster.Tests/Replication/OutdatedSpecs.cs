using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>Who lags too far is recorded before the log forgets what he needs. Nobody is dead here, so that he counts until then.</summary>
public sealed class OutdatedSpecs() : ReplicaTrio("bitark { gc.max-lag-bytes = 1 MiB, replication.dead-after = 5 m }")
{
    [Theory]
    [InlineData(DiskException.InputOutput, false)]
    [InlineData(DiskException.NoSpace, true)]
    public async Task Should_end_for_a_failed_sync_and_try_again_for_a_full_disk_when_it_cannot_be_recorded(int errno, bool goesOn)
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 1));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        await StopAsync(Nodes[2]);
        var tries = 0;
        Leader.Disk.Before = (operation, path) =>
        {
            if (operation == "fsync" && path.EndsWith("/outdated.tmp", StringComparison.Ordinal) && Interlocked.Increment(ref tries) == 1)
                throw new DiskException(operation, path, errno, "injected");
        };

        // More than the follower may lag.
        var start = Leader.Store.Log.WrittenLsn;
        for (var i = 0; i < 60; i++)
            await Leader.Partition.WriteAsync([.. Enumerable.Range(0, 1400).Select(j => Words.Mark((1L << 60) + (2 * j), (1L << 60) + (2 * j), user: 1L << 60))]);
        Assert.True(!goesOn || Leader.Store.Log.WrittenLsn.BytesSince(start) > 1 << 20);

        if (goesOn)
        {
            await Eventually.HoldsAsync(() => File.Exists(Leader.Directory.Layout.Partition(new PartitionId(0)).OutdatedPath), "it is recorded");
            Assert.Equal((2, ""), (Volatile.Read(ref tries), Leader.Failure));
            return;
        }

        await Eventually.HoldsAsync(() => Leader.Status.Phase is PartitionPhase.Failed && Leader.Failure.Length > 0, "it has failed");
        Assert.Contains("who lags too far could not be recorded: fsync", Leader.Failure, StringComparison.Ordinal);
        Assert.Equal(1, Volatile.Read(ref tries));
    }
}
