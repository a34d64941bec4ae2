using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Tests.Replica;

namespace BitArk.Storage.Tests.Snapshots;

/// <summary>A snapshot that was sound when it was written, and is read again.</summary>
public sealed class SnapshotRotSpecs : IDisposable
{
    private readonly MemoryDisk _disk = new();
    private readonly ReplicaHarness _replica;
    private int _written;

    public SnapshotRotSpecs() => _replica = ReplicaHarness.Open(_disk);

    [Fact]
    public void Should_keep_it_when_it_is_sound()
    {
        var lsn = WriteAndSnapshot();
        Assert.Null(_replica.Store.Snapshots.VerifyAgain(lsn));
        Assert.Null(_replica.Store.Snapshots.VerifyAgain(new Lsn(64)));
        Assert.False(_replica.Store.Snapshots.IsBad(lsn));
        Assert.Equal(lsn, _replica.Store.Snapshots.Newest?.Lsn);
    }

    [Fact]
    public void Should_go_back_to_the_older_one_and_keep_its_log_when_the_newest_has_rotted()
    {
        var (older, newest) = (WriteAndSnapshot(), WriteAndSnapshot());
        using var pin = _replica.Store.Snapshots.Pin(newest)!;
        Rot(newest);

        Assert.NotNull(_replica.Store.Snapshots.VerifyAgain(newest));

        Assert.True(_replica.Store.Snapshots.IsBad(newest));
        Assert.Equal(older, _replica.Store.Snapshots.Newest?.Lsn);
        Assert.Equal([older], _replica.Store.Snapshots.Kept);
        Assert.Null(_replica.Store.Snapshots.Pin(newest));
        Assert.Null(_replica.Store.Snapshots.ReadChunk(newest, 0, new byte[10]));
        Assert.Equal(0, _replica.Collect());
        pin.Dispose();
        Assert.True(_disk.FileExists(ReplicaHarness.Directory.SnapshotPath(newest) + ".bad"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_have_none_and_write_one_anew_at_the_same_position_when_both_are_bad(bool isGone)
    {
        var (older, newest) = (WriteAndSnapshot(), WriteAndSnapshot());
        Rot(newest);
        if (isGone)
            _disk.Delete(ReplicaHarness.Directory.SnapshotPath(older));
        else
            Rot(older);

        Assert.NotNull(_replica.Store.Snapshots.VerifyAgain(newest));
        Assert.Null(_replica.Store.Snapshots.Newest);
        Assert.Empty(_replica.Store.Snapshots.Kept);

        Assert.Equal(newest, _replica.Snapshot().Lsn);
        Assert.False(_replica.Store.Snapshots.IsBad(newest));
        _replica.Store.Snapshots.Pin(newest)!.Dispose();
        Assert.Null(_replica.Store.Snapshots.VerifyAgain(newest));
    }

    [Fact]
    public void Should_leave_the_newest_alone_when_the_older_one_has_rotted()
    {
        var (older, newest) = (WriteAndSnapshot(), WriteAndSnapshot());
        Rot(older);
        Assert.NotNull(_replica.Store.Snapshots.VerifyAgain(older));
        Assert.Equal(newest, _replica.Store.Snapshots.Newest?.Lsn);
        Assert.Equal([newest], _replica.Store.Snapshots.Kept);
    }

    public void Dispose() => _replica.Dispose();

    private void Rot(Lsn lsn) => _disk.Corrupt(ReplicaHarness.Directory.SnapshotPath(lsn), bytes => bytes[bytes.Length / 2] ^= 1);

    private Lsn WriteAndSnapshot()
    {
        for (var i = 0; i < 1800; i++)
            _replica.Mark(i % 50, 7, ++_written);
        return _replica.Snapshot().Lsn;
    }
}
