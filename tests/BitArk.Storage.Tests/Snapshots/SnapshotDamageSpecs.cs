using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Tests.Replica;

namespace BitArk.Storage.Tests.Snapshots;

/// <summary>A small replica with two snapshots and log behind both, and then something happens to a file.</summary>
public sealed class SnapshotDamageSpecs
{
    private readonly MemoryDisk _disk = new();
    private readonly string _older;
    private readonly string _newest;
    private readonly ulong _digest;

    public SnapshotDamageSpecs()
    {
        using var replica = ReplicaHarness.Open(_disk);
        _older = Fill(replica, 1).Path;
        _newest = Fill(replica, 2).Path;
        replica.Collect();
        replica.Mark(3, 3, 3, session: 5, sequence: 9000);
        _digest = replica.State.Digest();
    }

    private static SnapshotInfo Fill(ReplicaHarness replica, int round)
    {
        for (var i = 1; i <= 1600; i++)
            replica.Mark(i % 7, round, i, session: 5, sequence: (round * 2000) + i);
        return replica.Snapshot();
    }

    [Fact]
    public void Should_find_the_damage_when_any_byte_is_flipped()
    {
        var length = (int)SnapshotVerifier.Verify(_disk, _newest).Bytes;
        for (var i = 0; i < length; i++)
        {
            var bit = (byte)(1 << (i % 8));
            _disk.Corrupt(_newest, bytes => bytes[i] ^= bit);
            Assert.Throws<SnapshotInvalidException>(() => SnapshotVerifier.Verify(_disk, _newest));
            _disk.Corrupt(_newest, bytes => bytes[i] ^= bit);
        }

        SnapshotVerifier.Verify(_disk, _newest);
    }

    [Fact]
    public void Should_find_the_damage_when_the_file_is_cut_anywhere_or_grows()
    {
        using var file = _disk.Open(_newest, BitArk.Storage.Disk.DiskOpenMode.ReadWrite);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        for (var length = bytes.Length - 1; length >= 0; length -= length > 600 && length < bytes.Length - 600 ? 97 : 1)
        {
            file.SetLength(length);
            Assert.Throws<SnapshotInvalidException>(() => SnapshotVerifier.Verify(_disk, _newest));
        }

        file.Write(0, [.. bytes, 0]);
        Assert.Throws<SnapshotInvalidException>(() => SnapshotVerifier.Verify(_disk, _newest));
        file.Write(0, [.. bytes, .. bytes]);
        Assert.Throws<SnapshotInvalidException>(() => SnapshotVerifier.Verify(_disk, _newest));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(140)]
    [InlineData(3000)]
    [InlineData(-1)]
    [InlineData(-20)]
    public void Should_fall_back_to_the_older_snapshot_when_the_newest_is_damaged(int at)
    {
        _disk.Corrupt(_newest, bytes => bytes[at < 0 ? (int)SnapshotBytes(_newest) + at : at] ^= 4);
        var observer = new RecordingObserver();
        using (var replica = ReplicaHarness.Recover(_disk, observer))
        {
            Assert.Equal(_digest, replica.State.Digest());
            Assert.Equal([_newest], observer.Rejected);
            // It is out of the way, for whoever looks into it, and no longer holds a place among the kept.
            Assert.True(_disk.FileExists(_newest + ".bad"));
            Assert.Single(replica.Store.Snapshots.Kept);
            Assert.Equal(Lsn.Zero, replica.Store.Snapshots.RetentionFloorAt(replica.Store.Log.WrittenLsn));
        }

        var again = new RecordingObserver();
        using var second = ReplicaHarness.Recover(_disk.AfterPowerCut(0), again);
        Assert.Equal(_digest, second.State.Digest());
        Assert.Empty(again.Rejected);
    }

    [Fact]
    public void Should_fall_back_to_the_older_snapshot_when_the_device_cannot_read_the_newest()
    {
        var observer = new RecordingObserver();
        using var replica = ReplicaHarness.Recover(new FaultyDisk(_disk) { UnreadableWhen = path => path == _newest }, observer);
        Assert.Equal(_digest, replica.State.Digest());
        Assert.Equal([_newest], observer.Rejected);
    }

    [Fact]
    public void Should_not_reject_a_snapshot_when_this_process_lacks_descriptors_to_read_it()
    {
        const int TooManyOpenFiles = 24;
        var disk = new FaultyDisk(_disk) { Errno = TooManyOpenFiles, UnreadableWhen = path => path == _newest };
        Assert.Throws<BitArk.Storage.Disk.DiskException>(() => ReplicaHarness.Recover(disk));
        Assert.True(_disk.FileExists(_newest));
    }

    [Fact]
    public void Should_leave_no_unverified_file_when_the_device_cannot_read_it_back()
    {
        var disk = new FaultyDisk(_disk);
        using var replica = ReplicaHarness.Recover(disk);
        replica.BeginEpoch();
        replica.Mark(1, 1, 5);
        disk.UnreadableWhen = path => path.EndsWith(".snap", StringComparison.Ordinal);
        Assert.Throws<BitArk.Storage.Disk.DiskException>(() => replica.Snapshot());
        Assert.Equal(_newest, _disk.Dump().Keys.Where(path => path.Contains(".snap", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Last());
    }

    [Fact]
    public void Should_keep_what_it_has_when_nothing_was_written_since_the_newest()
    {
        var disk = new FaultyDisk(_disk);
        using var replica = ReplicaHarness.Recover(disk);
        replica.BeginEpoch();
        var first = replica.Snapshot();
        var kept = replica.Store.Snapshots.Kept.ToArray();
        var calls = disk.Calls;
        disk.UnreadableWhen = path => path.EndsWith(".snap", StringComparison.Ordinal);
        var begun = replica.State.BeginSnapshot();
        Assert.Equal(first, replica.Store.Snapshots.Write(begun, UnpacedWrites.Instance, CancellationToken.None));
        Assert.Equal(calls, disk.Calls);
        Assert.Equal(kept, replica.Store.Snapshots.Kept);

        // Nobody drains what was begun: the state's writer is free again.
        Assert.True(begun.Capture.IsAborted);
        disk.UnreadableWhen = null;
        replica.Mark(1, 1, 5);
        Assert.True(replica.Snapshot().Lsn > first.Lsn);
    }

    [Fact]
    public void Should_refuse_and_change_nothing_when_both_snapshots_are_damaged()
    {
        _disk.Corrupt(_newest, bytes => bytes[200] ^= 4);
        _disk.Corrupt(_older, bytes => bytes[300] ^= 4);
        var before = _disk.Dump();
        var e = Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.Recover(_disk));
        Assert.Contains(Path.GetFileName(_newest), e.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(_older), e.Message, StringComparison.Ordinal);
        Assert.Equal(before, _disk.Dump());
    }

    [Fact]
    public void Should_replay_the_whole_log_when_the_only_snapshot_is_damaged()
    {
        var disk = new MemoryDisk();
        ulong digest;
        string path;
        using (var replica = ReplicaHarness.Open(disk))
        {
            path = Fill(replica, 1).Path;
            Assert.Equal(0, replica.Collect());
            digest = replica.State.Digest();
        }

        disk.Corrupt(path, bytes => bytes[40] ^= 4);
        using var again = ReplicaHarness.Recover(disk);
        Assert.Equal(digest, again.State.Digest());
    }

    [Fact]
    public void Should_reject_a_snapshot_when_it_is_another_clusters()
    {
        var strange = new MemoryDisk();
        byte[] bytes;
        using (var replica = ReplicaHarness.Open(strange))
        {
            var path = Fill(replica, 1).Path;
            bytes = strange.Dump()[path];
        }

        using (var file = _disk.Open(_newest, BitArk.Storage.Disk.DiskOpenMode.Create))
            file.Write(0, bytes);
        var observer = new RecordingObserver();
        using var again = ReplicaHarness.Recover(_disk, observer);
        Assert.Equal(_digest, again.State.Digest());
        Assert.Equal([_newest], observer.Rejected);
    }

    [Fact]
    public void Should_remove_what_an_interrupted_writer_left_when_it_opens()
    {
        var temporary = ReplicaHarness.Directory.SnapshotPath(new Lsn(12345)) + ".tmp";
        using (var file = _disk.Open(temporary, BitArk.Storage.Disk.DiskOpenMode.Create))
            file.Write(0, new byte[1000]);
        using var replica = ReplicaHarness.Recover(_disk);
        Assert.False(_disk.FileExists(temporary));
        Assert.Equal(_digest, replica.State.Digest());
    }

    private long SnapshotBytes(string path)
    {
        using var file = _disk.Open(path, BitArk.Storage.Disk.DiskOpenMode.Read);
        return file.Length;
    }
}
