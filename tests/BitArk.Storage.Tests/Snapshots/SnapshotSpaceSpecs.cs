using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Tests.Replica;

namespace BitArk.Storage.Tests.Snapshots;

public sealed class SnapshotSpaceSpecs
{
    // It would fill the disk each time before it fails, and the log beside it would find no space.
    [Fact]
    public void Should_not_begin_a_file_that_cannot_fit()
    {
        var disk = new MemoryDisk();
        using var replica = ReplicaHarness.Open(disk);
        replica.Mark(1, 1, 1);
        var first = replica.Snapshot();
        replica.Mark(2, 1, 1);

        disk.Free = first.Bytes - 1;
        var files = disk.ListFiles(Path.GetDirectoryName(ReplicaHarness.Directory.SnapshotPath(first.Lsn))!);
        var full = Assert.Throws<DiskException>(() => replica.Snapshot());
        Assert.True(full is { IsDiskFull: true, IsFinal: false });
        Assert.Equal(files, disk.ListFiles(Path.GetDirectoryName(ReplicaHarness.Directory.SnapshotPath(first.Lsn))!));
        Assert.Equal(first.Lsn, replica.Store.Snapshots.Newest?.Lsn);

        disk.Free = first.Bytes;
        Assert.True(replica.Snapshot().Lsn > first.Lsn);
    }
}
