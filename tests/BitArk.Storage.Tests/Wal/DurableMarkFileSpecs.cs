using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class DurableMarkFileSpecs
{
    private const string MarkPath = "/data/durable.mark";
    private const int SlotStride = 4096;

    private readonly MemoryDisk _disk = new();

    public DurableMarkFileSpecs() => DurableDirectory.Create(_disk, "/data");

    [Fact]
    public void Should_read_back_the_last_state_written()
    {
        using (var mark = Create())
        {
            mark.Update(before => before with { DurableLsn = new Lsn(800) });
            mark.Update(before => before with { CommitLsn = new Lsn(700), CutIntent = new Lsn(720) });
        }

        var state = DurableMarkFile.Read(MarkPath, _disk.AfterPowerCut(0));
        Assert.Equal(new DurableMarkState(new Lsn(800), new Lsn(700), new Lsn(64), new Lsn(720)), state);
    }

    [Fact]
    public void Should_make_durable_what_it_says_when_a_failed_sync_left_it_in_the_page_cache_only()
    {
        Create().Dispose();
        var faulty = new FaultyDisk(_disk);
        using (var mark = DurableMarkFile.Open(MarkPath, faulty, TestLog.Cluster, TestLog.Partition))
        {
            faulty.FailWhen = (operation, _) => operation == "fdatasync";
            Assert.Throws<DiskException>(() => mark.Update(before => before with { DurableLsn = new Lsn(800) }));
        }

        var next = _disk.AfterKill();
        Lsn said;
        using (var mark = DurableMarkFile.Open(MarkPath, next, TestLog.Cluster, TestLog.Partition))
            said = mark.State.DurableLsn;
        Assert.Equal(new Lsn(800), said);
        for (var seed = 0; seed < 8; seed++)
            Assert.Equal(said, DurableMarkFile.Read(MarkPath, next.AfterPowerCut(seed)).DurableLsn);
    }

    [Fact]
    public void Should_fall_back_to_the_state_before_when_any_byte_of_the_newest_slot_is_damaged()
    {
        using (var mark = Create())
        {
            mark.Update(before => before with { DurableLsn = new Lsn(800) });
            mark.Update(before => before with { DurableLsn = new Lsn(900) });
        }

        for (var i = 0; i < DurableMarkSlot.Size; i++)
        {
            var disk = _disk.AfterKill();
            disk.Corrupt(MarkPath, bytes => bytes[i] ^= 1);
            Assert.Equal(new Lsn(800), DurableMarkFile.Read(MarkPath, disk).DurableLsn);
        }
    }

    [Fact]
    public void Should_refuse_when_both_slots_are_unreadable()
    {
        Create().Dispose();
        _disk.Corrupt(MarkPath, bytes => (bytes[40], bytes[SlotStride + 40]) = (0xFF, 0xFF));
        var error = Assert.Throws<WalCorruptException>(Open);
        Assert.Equal(MarkPath, error.FilePath);
        Assert.Contains("both slots", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_when_it_is_another_logs()
    {
        Create().Dispose();
        Assert.Throws<WalCorruptException>(() => DurableMarkFile.Open(MarkPath, _disk, TestLog.Cluster, new PartitionId(8)));
        Assert.Throws<WalCorruptException>(() => DurableMarkFile.Open(MarkPath, _disk, ClusterId.NewRandom(), TestLog.Partition));
    }

    [Fact]
    public void Should_refuse_untouched_when_a_slot_needs_a_newer_version()
    {
        Create().Dispose();
        _disk.Corrupt(MarkPath, bytes =>
        {
            bytes[10] = 2;
            var checksum = System.IO.Hashing.Crc32.HashToUInt32(bytes.AsSpan(0, 76));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(76), checksum);
        });
        Assert.Throws<WalUnsupportedException>(Open);
    }

    [Fact]
    public void Should_write_nothing_when_nothing_changed()
    {
        Create().Dispose();
        var faulty = new FaultyDisk(_disk);
        using var mark = DurableMarkFile.Open(MarkPath, faulty, TestLog.Cluster, TestLog.Partition);
        var calls = faulty.Calls;
        mark.Update(before => before with { DurableLsn = new Lsn(64) });
        Assert.Equal(calls, faulty.Calls);
    }

    [Fact]
    public void Should_take_nothing_more_when_a_sync_failed()
    {
        Create().Dispose();
        var failing = false;
        var faulty = new FaultyDisk(_disk) { FailWhen = (operation, _) => operation == "fdatasync" && failing };
        using var mark = DurableMarkFile.Open(MarkPath, faulty, TestLog.Cluster, TestLog.Partition);
        failing = true;
        Assert.Throws<DiskException>(() => mark.Update(before => before with { DurableLsn = new Lsn(800) }));
        failing = false;
        Assert.Throws<WalFailedException>(() => mark.Update(before => before with { DurableLsn = new Lsn(900) }));
        Assert.Equal(new Lsn(64), mark.State.DurableLsn);
    }

    private DurableMarkFile Create() => DurableMarkFile.Create(
        MarkPath, _disk, TestLog.Cluster, TestLog.Partition, new DurableMarkState(new Lsn(64), new Lsn(64), new Lsn(64)));

    private DurableMarkFile Open() => DurableMarkFile.Open(MarkPath, _disk, TestLog.Cluster, TestLog.Partition);
}
