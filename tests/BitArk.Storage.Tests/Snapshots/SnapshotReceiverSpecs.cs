using BitArk.Storage.Snapshots;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Tests.Replica;

namespace BitArk.Storage.Tests.Snapshots;

public sealed class SnapshotReceiverSpecs : IDisposable
{
    private readonly FullSyncSource _source = new();
    private MemoryDisk _disk = new();

    private byte[] File => _source.File;

    [Fact]
    public void Should_hold_the_very_file_when_chunks_came_in_any_order()
    {
        using var receiver = Open();
        for (var at = (File.Length - 1) / 1000 * 1000; at >= 0; at -= 1000)
            receiver.Write(at, File.AsSpan(at, Math.Min(1000, File.Length - at)));
        var info = receiver.Complete();
        Assert.Equal((_source.Snapshot.Lsn, (long)File.Length), (info.Lsn, info.Bytes));
        Assert.Equal(File, _disk.AfterPowerCut(0).Dump()[info.Path]);
    }

    [Fact]
    public void Should_go_on_behind_what_is_durable_when_opened_again()
    {
        using (var receiver = Open())
        {
            receiver.Write(0, File.AsSpan(0, 3000));
            receiver.Save(2500);
            receiver.Write(3000, File.AsSpan(3000, 1000));
        }

        _disk = _disk.AfterPowerCut(0);
        using var again = Open();
        Assert.Equal(2500, again.DurableBytes);
        again.Write(2500, File.AsSpan(2500));
        again.Complete();
    }

    [Fact]
    public void Should_begin_anew_when_it_is_another_file_or_the_progress_has_rotted()
    {
        Begin();
        using (var other = SnapshotReceiver.Open(ReplicaHarness.OneOfSeveral, _disk, _source.Snapshot.Lsn, File.Length + 1, FullSyncSource.Name))
            Assert.Equal(0, other.DurableBytes);
        Begin();
        using (var other = SnapshotReceiver.Open(ReplicaHarness.OneOfSeveral, _disk, _source.Snapshot.Lsn, File.Length, new NodeId("another")))
            Assert.Equal(0, other.DurableBytes);
        Begin();
        _disk.Corrupt(_disk.Dump().Keys.Single(path => path.EndsWith(".progress", StringComparison.Ordinal)), bytes => bytes[57] ^= 1);
        using var rotten = Open();
        Assert.Equal(0, rotten.DurableBytes);
        Assert.Single(_disk.ListFiles(ReplicaHarness.Directory.SnapshotsPath));
    }

    [Fact]
    public void Should_throw_away_what_is_not_a_sound_snapshot_of_this_replica()
    {
        for (var at = 0; at < File.Length; at += 97)
        {
            using var receiver = Open();
            receiver.Write(0, File);
            receiver.Write(at, [(byte)(File[at] ^ 0x40)]);
            receiver.Save(File.Length);
            Assert.Throws<SnapshotInvalidException>(receiver.Complete);
            Assert.Empty(_disk.ListFiles(ReplicaHarness.Directory.SnapshotsPath));
        }

        var elsewhere = ReplicaHarness.OneOfSeveral with { Partition = new PartitionId(1) };
        using var stranger = SnapshotReceiver.Open(elsewhere, _disk, _source.Snapshot.Lsn, File.Length, FullSyncSource.Name);
        stranger.Write(0, File);
        Assert.Contains("partition", Assert.Throws<SnapshotInvalidException>(stranger.Complete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_a_snapshot_that_is_of_another_position_than_announced()
    {
        using var receiver = SnapshotReceiver.Open(ReplicaHarness.OneOfSeveral, _disk, _source.Snapshot.Lsn.Plus(8), File.Length, FullSyncSource.Name);
        receiver.Write(0, File);
        Assert.Throws<SnapshotInvalidException>(receiver.Complete);
    }

    [Fact]
    public void Should_refuse_a_chunk_that_reaches_beyond_the_file()
    {
        using var receiver = Open();
        Assert.Throws<ArgumentOutOfRangeException>(() => receiver.Write(File.Length - 5, new byte[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => receiver.Write(-1, new byte[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => receiver.Save(File.Length + 1));
    }

    [Fact]
    public void Should_survive_the_opening_of_the_replica_and_go_when_told()
    {
        Begin();
        ReplicaHarness.OpenOneOfSeveral(_disk).Dispose();
        using (var again = Open())
            Assert.Equal(2000, again.DurableBytes);
        SnapshotReceiver.RemoveLeftovers(ReplicaHarness.OneOfSeveral, _disk);
        Assert.Empty(_disk.ListFiles(ReplicaHarness.Directory.SnapshotsPath));
    }

    public void Dispose() => _source.Dispose();

    private SnapshotReceiver Open()
    {
        ReplicaHarness.JoinCluster(_disk);
        if (!_disk.FileExists(ReplicaHarness.Directory.EpochMarkPath))
            ReplicaHarness.OpenOneOfSeveral(_disk).Dispose();
        return SnapshotReceiver.Open(ReplicaHarness.OneOfSeveral, _disk, _source.Snapshot.Lsn, File.Length, FullSyncSource.Name);
    }

    private void Begin()
    {
        using var receiver = Open();
        receiver.Write(0, File.AsSpan(0, 2000));
        receiver.Save(2000);
    }
}
