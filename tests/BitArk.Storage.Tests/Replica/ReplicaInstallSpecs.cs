using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

public sealed class ReplicaInstallSpecs : IDisposable
{
    private static readonly EpochPromise OfTheLeader = new(new Epoch(3), FullSyncSource.Proposer);
    private static readonly EpochPromise Higher = new(new Epoch(8), new Guid("fedcba9876543210fedcba9876543210"));

    private readonly FullSyncSource _source = new();

    [Fact]
    public void Should_begin_at_the_snapshot_and_go_on_with_the_log_when_installed()
    {
        var disk = OldReplica();
        _source.Sync(disk);
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0)))
            _source.AssertSynced(replica);
        Assert.NotEqual(SegmentHeader.Size, _source.Snapshot.Lsn.SegmentOffset(65536));
        Assert.IsType<WalVerdict.Sound>(WalVerifier.Verify(ReplicaHarness.Directory.WalPath, ReplicaHarness.Directory.DurableMarkPath, disk).Verdict);
    }

    [Fact]
    public void Should_recover_what_came_after_an_install()
    {
        var disk = OldReplica();
        _source.Sync(disk);
        Lsn written;
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk))
        {
            _source.AssertSynced(replica);
            written = replica.Store.Log.WrittenLsn;
            replica.Store.Log.WriteMark(written);
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0));
        Assert.Equal((written, written, _source.Snapshot.Lsn), (again.Store.Log.WrittenLsn, again.State.LastAppliedLsn, again.Store.Log.MinRetainedLsn));
        Assert.Equal(_source.Leader.State.Digest(), again.State.Digest());
    }

    [Fact]
    public void Should_leave_nothing_of_the_old_replica()
    {
        var disk = OldReplica();
        _source.Sync(disk);
        var directory = ReplicaHarness.Directory;
        Assert.Equal([Path.GetFileName(_source.Snapshot.Path)], disk.ListFiles(directory.SnapshotsPath));
        Assert.Equal([LogGeometry.SegmentName(_source.Snapshot.Lsn.SegmentIndex(65536))], disk.ListFiles(directory.WalPath));
        Assert.Equal(["durable.mark", "epoch.mark"], disk.ListFiles(directory.Root));
    }

    [Theory]
    [InlineData("durable.mark")]
    [InlineData("wal/0000000000000000.wal")]
    [InlineData("wal/0000000000000001.wal")]
    public void Should_repair_a_replica_whose_file_is_gone_or_rotten(string name)
    {
        foreach (var isGone in new[] { true, false })
        {
            var disk = OldReplica();
            var path = Path.Combine(ReplicaHarness.Directory.Root, name);
            if (isGone)
                disk.Delete(path);
            else
                disk.Corrupt(path, bytes => Array.Fill(bytes, (byte)0xA5));
            _source.Sync(disk);
            using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
            Assert.Equal(Higher, replica.Store.Promised);
            _source.AssertSynced(replica);
        }
    }

    [Fact]
    public void Should_never_read_the_old_log()
    {
        var memory = OldReplica();
        _source.Receive(memory);
        var faulty = new FaultyDisk(memory) { UnreadableWhen = path => path.Contains(".wal", StringComparison.Ordinal) || path.EndsWith("durable.mark", StringComparison.Ordinal) };
        // What is made anew is read from here on.
        Assert.Throws<DiskException>(() => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, faulty, _source.Snapshot.Lsn));
        Assert.DoesNotContain(memory.ListFiles(ReplicaHarness.Directory.WalPath), name => name.EndsWith(".wal", StringComparison.Ordinal));
        using var replica = ReplicaHarness.OpenOneOfSeveral(memory);
        _source.AssertSynced(replica);
    }

    [Fact]
    public void Should_keep_the_promise_when_the_one_given_is_lower()
    {
        var disk = OldReplica();
        _source.Sync(disk, OfTheLeader);
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.Equal(Higher, replica.Store.Promised);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Should_take_the_promise_given_when_its_own_cannot_be_read(bool isGone)
    {
        var disk = OldReplica();
        ForgetPromise(disk, isGone);
        _source.Sync(disk, OfTheLeader);
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.Equal(OfTheLeader, replica.Store.Promised);
        _source.AssertSynced(replica);
    }

    [Fact]
    public void Should_change_nothing_when_no_promise_covers_the_snapshot()
    {
        var disk = OldReplica();
        ForgetPromise(disk, isGone: false);
        _source.Receive(disk);
        var before = disk.Dump();
        Assert.Throws<InvalidOperationException>(() => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn));
        Assert.Throws<InvalidOperationException>(() => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn, OfTheLeader with { Epoch = new Epoch(2) }));
        Assert.Equal(before, disk.Dump());
    }

    [Fact]
    public void Should_refuse_when_no_snapshot_has_arrived()
    {
        var disk = OldReplica();
        Assert.Throws<InvalidOperationException>(() => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn, OfTheLeader));
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.True(replica.Store.Log.WrittenLsn > new Lsn(65536));
    }

    [Fact]
    public void Should_install_into_a_directory_that_never_held_a_replica()
    {
        var disk = new MemoryDisk();
        ReplicaHarness.JoinCluster(disk);
        _source.Sync(disk, OfTheLeader);
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        _source.AssertSynced(replica);
    }

    [Fact]
    public void Should_call_it_damage_when_the_snapshot_of_an_interrupted_install_is_gone()
    {
        var disk = OldReplica();
        _source.Receive(disk);
        var faulty = new FaultyDisk(disk) { FailWhen = (operation, path) => operation == "unlink" && path.EndsWith(".wal", StringComparison.Ordinal) };
        Assert.Throws<DiskException>(() => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, faulty, _source.Snapshot.Lsn));
        disk.Delete(_source.Snapshot.Path);
        Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.OpenOneOfSeveral(disk));
        _source.Sync(disk);
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        _source.AssertSynced(replica);
    }

    public void Dispose() => _source.Dispose();

    /// <summary>A replica with another history: two snapshots, several segments, a promise above the leader's epoch.</summary>
    internal static MemoryDisk OldReplica()
    {
        var disk = new MemoryDisk();
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        replica.Lead(new Epoch(2), Guid.NewGuid());
        for (var i = 1; i <= 2000; i++)
        {
            replica.Mark(i % 9, 3, i);
            if (i % 900 == 0)
                replica.Snapshot();
        }

        replica.Store.Log.WriteMark(replica.Store.Log.WrittenLsn);
        replica.Store.Promise(Higher.Epoch, Higher.Proposer);
        return disk;
    }

    private static void ForgetPromise(MemoryDisk disk, bool isGone)
    {
        if (isGone)
            disk.Delete(ReplicaHarness.Directory.EpochMarkPath);
        else
            disk.Corrupt(ReplicaHarness.Directory.EpochMarkPath, bytes => bytes[20] = bytes[4116] = 0x77);
    }
}
