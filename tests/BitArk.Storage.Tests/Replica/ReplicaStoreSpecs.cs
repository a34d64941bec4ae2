using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

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

    [Fact]
    public void Should_keep_the_disk_bounded_when_many_snapshots_pass()
    {
        var disk = new MemoryDisk();
        using var replica = ReplicaHarness.Open(disk);
        var most = 0L;
        for (var round = 1; round <= 25; round++)
        {
            for (var i = 0; i < 1800; i++)
                replica.Mark(i % 50, 7, (round * 2000) + i, session: 1 + (i % 10), sequence: (round * 2000) + i);
            replica.Snapshot();
            replica.Collect();
            Assert.Equal(Math.Min(round, 2), disk.ListFiles(ReplicaHarness.Directory.SnapshotsPath).Count);
            var used = disk.Dump().Values.Sum(file => (long)file.Length);
            most = round <= 4 ? Math.Max(most, used) : most;
            Assert.True(round <= 4 || used <= most + 65536, $"round {round}: {used} bytes, {most} in the first rounds");
        }
    }

    [Fact]
    public void Should_show_progress_that_never_falls_when_it_recovers()
    {
        var disk = new MemoryDisk();
        using (var replica = ReplicaHarness.Open(disk))
        {
            for (var i = 1; i <= 4000; i++)
            {
                replica.Mark(i % 100, 7, i);
                if (i == 2000)
                    replica.Snapshot();
            }
        }

        var observer = new RecordingObserver();
        using var again = ReplicaHarness.Recover(disk, observer);
        Assert.All(observer.Reports.Zip(observer.Reports.Skip(1)), pair => Assert.True(pair.First.Fraction <= pair.Second.Fraction));
        Assert.InRange(observer.Reports[0].Fraction, 0, 1);
        Assert.Equal((1, "recovered"), observer.Reports[^1]);
        Assert.Contains(observer.Reports, report => report.Activity.StartsWith("loading snapshot", StringComparison.Ordinal));
        Assert.Contains(observer.Reports, report => report.Activity.StartsWith("replaying the log: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("epoch.mark")]
    [InlineData("durable.mark")]
    [InlineData("wal/0000000000000000.wal")]
    public void Should_refuse_when_a_file_of_a_replica_with_a_history_is_gone(string name)
    {
        var disk = new MemoryDisk();
        using (var replica = ReplicaHarness.Open(disk))
            replica.Mark(1, 1, 1);
        disk.Delete(Path.Combine(ReplicaHarness.Directory.Root, name));
        var before = disk.Dump();
        var e = Assert.ThrowsAny<Exception>(() => ReplicaHarness.Recover(disk));
        Assert.True(e is ReplicaDamagedException or WalCorruptException, e.ToString());
        Assert.Contains(Path.GetDirectoryName(name) is { Length: > 0 } directory ? directory : name, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, disk.Dump());
    }

    [Fact]
    public void Should_refuse_when_every_file_of_the_log_is_gone_but_an_epoch_was_begun()
    {
        var disk = new MemoryDisk();
        using (var replica = ReplicaHarness.Open(disk))
            replica.Mark(1, 1, 1);
        disk.Delete(ReplicaHarness.Directory.DurableMarkPath);
        foreach (var name in disk.ListFiles(ReplicaHarness.Directory.WalPath))
            disk.Delete(Path.Combine(ReplicaHarness.Directory.WalPath, name));
        Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.Recover(disk));
    }

    [Fact]
    public void Should_begin_no_epoch_when_the_disk_is_too_full_for_the_first_segment()
    {
        var memory = new MemoryDisk();
        var full = new FaultyDisk(memory) { Errno = DiskException.NoSpace, FailWhen = (operation, path) => operation == "pwrite" && path.Contains(".wal", StringComparison.Ordinal) };
        Assert.True(Assert.Throws<DiskException>(() => ReplicaHarness.Recover(full)).IsDiskFull);
        using var replica = ReplicaHarness.Recover(memory.AfterKill());
        Assert.Equal(new Epoch(1), replica.Store.Epoch);
    }

    [Fact]
    public void Should_refuse_when_the_epoch_mark_is_older_than_the_log()
    {
        var disk = new MemoryDisk();
        byte[] old;
        using (var replica = ReplicaHarness.Open(disk))
            old = disk.Dump()[ReplicaHarness.Directory.EpochMarkPath];
        ReplicaHarness.Open(disk).Dispose();
        disk.Corrupt(ReplicaHarness.Directory.EpochMarkPath, bytes => old.CopyTo(bytes, 0));
        var e = Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.Recover(disk));
        Assert.Contains("epochs up to E1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_apply_a_repeated_write_once_when_it_comes_again_after_a_restart()
    {
        var disk = new MemoryDisk();
        using (var replica = ReplicaHarness.Open(disk))
        {
            Assert.Equal(9, replica.Mark(1, 1, 9, session: 4, sequence: 1));
            Span<long> undone = stackalloc long[1];
            replica.Write([ReplicaHarness.Operation(OperationKind.Unmark, 1, 1, 3, 4)], undone);
            Assert.Equal(2, undone[0]);
            replica.Snapshot();
        }

        using var again = ReplicaHarness.Open(disk.AfterPowerCut(1));
        Assert.Equal(9, again.Mark(1, 1, 9, session: 4, sequence: 1));
        Assert.True(again.State.Tables.Find(NamespaceId.Default)!.TryContains(new UserId(1), new ChannelId(1), 3, out var read));
        Assert.False(read);
    }
}
