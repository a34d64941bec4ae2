using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Tests.Replica;

namespace BitArk.Storage.Tests.Snapshots;

public sealed class SnapshotPinSpecs : IDisposable
{
    private readonly MemoryDisk _disk = new();
    private readonly ReplicaHarness _replica;
    private int _written;

    public SnapshotPinSpecs() => _replica = ReplicaHarness.Open(_disk);

    [Fact]
    public void Should_hold_file_and_log_until_the_last_pin_goes()
    {
        var first = WriteAndSnapshot();
        var pin = _replica.Store.Snapshots.Pin(first)!;
        var second = _replica.Store.Snapshots.Pin(first)!;
        for (var i = 0; i < 3; i++)
            WriteAndSnapshot();
        _replica.Collect();
        Assert.Equal(first, _replica.Store.Snapshots.RetentionFloorAt(_replica.Store.Log.WrittenLsn));
        Assert.True(_replica.Store.Log.MinRetainedLsn <= first);
        Assert.DoesNotContain(first, _replica.Store.Snapshots.Kept);

        pin.Dispose();
        pin.Dispose();
        Assert.Equal(10, _replica.Store.Snapshots.ReadChunk(first, 0, new byte[10]));
        second.Dispose();
        Assert.Null(_replica.Store.Snapshots.ReadChunk(first, 0, new byte[10]));
        Assert.Equal(2, _disk.ListFiles(ReplicaHarness.Directory.SnapshotsPath).Count);
        Assert.True(_replica.Collect() > 0);
        Assert.Null(_replica.Store.Snapshots.Pin(first));
    }

    [Fact]
    public void Should_leave_a_kept_snapshot_where_it_is_when_its_pin_goes()
    {
        var first = WriteAndSnapshot();
        _replica.Store.Snapshots.Pin(first)!.Dispose();
        Assert.True(_disk.FileExists(ReplicaHarness.Directory.SnapshotPath(first)));
    }

    [Fact]
    public void Should_read_the_file_piece_by_piece()
    {
        var lsn = WriteAndSnapshot();
        using var pin = _replica.Store.Snapshots.Pin(lsn)!;
        var file = _disk.Dump()[ReplicaHarness.Directory.SnapshotPath(lsn)];
        Assert.Equal(file.Length, pin.Bytes);
        var into = new byte[1000];
        for (var at = 0; at < file.Length; at += into.Length)
        {
            var read = _replica.Store.Snapshots.ReadChunk(lsn, at, into)!.Value;
            Assert.Equal(Math.Min(into.Length, file.Length - at), read);
            Assert.Equal(file[at..(at + read)], into[..read]);
        }

        Assert.Equal(0, _replica.Store.Snapshots.ReadChunk(lsn, file.Length, into));
    }

    [Fact]
    public void Should_pin_nothing_that_is_not_there()
    {
        Assert.Null(_replica.Store.Snapshots.Pin(new Lsn(64)));
        var lsn = WriteAndSnapshot();
        Assert.Null(_replica.Store.Snapshots.ReadChunk(lsn, 0, new byte[1]));
    }

    public void Dispose() => _replica.Dispose();

    private Lsn WriteAndSnapshot()
    {
        for (var i = 0; i < 1800; i++)
            _replica.Mark(i % 50, 7, ++_written);
        return _replica.Snapshot().Lsn;
    }
}
