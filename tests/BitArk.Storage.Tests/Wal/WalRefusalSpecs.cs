using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

/// <summary>What recovery refuses, always without touching a byte; and what it tidies up.</summary>
public sealed class WalRefusalSpecs
{
    [Fact]
    public void Should_refuse_when_the_segments_are_another_clusters()
    {
        var disk = ThreeSegments();
        AssertRefused<WalCorruptException>(disk, "belongs to cluster", TestLog.Options with { ClusterId = new ClusterId(Guid.Empty) });
    }

    [Fact]
    public void Should_refuse_when_the_segments_are_another_partitions() =>
        AssertRefused<WalCorruptException>(ThreeSegments(), "partition", TestLog.Options with { Partition = new PartitionId(8) });

    [Fact]
    public void Should_refuse_when_the_segment_size_differs() =>
        AssertRefused<WalCorruptException>(ThreeSegments(), "segment size", TestLog.Options with { Geometry = new LogGeometry(128 * 1024) });

    [Fact]
    public void Should_refuse_when_a_header_names_another_segment()
    {
        var disk = ThreeSegments();
        disk.Corrupt(TestLog.SegmentPath(1), bytes => Header(5).Write(bytes));
        AssertRefused<WalCorruptException>(disk, "file name says 1");
    }

    [Fact]
    public void Should_refuse_when_any_byte_of_a_segment_header_is_flipped()
    {
        var origin = ThreeSegments();
        for (var i = 0; i < SegmentHeader.Size; i++)
        {
            var disk = origin.AfterKill();
            disk.Corrupt(TestLog.SegmentPath(1), bytes => bytes[i] ^= 1);
            AssertRefused<WalCorruptException>(disk, string.Empty);
        }
    }

    [Fact]
    public void Should_refuse_untouched_when_a_segment_needs_a_newer_version()
    {
        var disk = ThreeSegments();
        var path = Path.Combine(TestLog.Directory, "left.wal.tmp");
        using (disk.Open(path, BitArk.Storage.Disk.DiskOpenMode.Create))
        {
        }

        disk.Corrupt(TestLog.SegmentPath(2), bytes => (Header(2) with { FormatVersion = 9, MinCompatibleVersion = 2 }).Write(bytes));
        AssertRefused<WalUnsupportedException>(disk, "format version 2");
    }

    [Fact]
    public void Should_refuse_when_a_record_type_is_unknown_even_above_the_mark()
    {
        var disk = new MemoryDisk();
        using (var log = TestLog.Open(disk))
            log.AppendAndFlush([1]);
        disk.Corrupt(TestLog.SegmentPath(0), bytes =>
            RecordCodec.Write(bytes, 64 + 32, new Lsn(96), new Epoch(1), (RecordType)77, 0, [1, 2, 3]));
        AssertRefused<WalUnsupportedException>(disk, "record type 77");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Should_refuse_when_the_rest_of_a_segment_too_small_for_a_record_is_not_zero(int rest)
    {
        var disk = new MemoryDisk();
        using (var log = TestLog.Open(disk))
        {
            log.AppendAndFlush(TestLog.Payload(1, 30_000));
            log.AppendAndFlush(TestLog.Payload(2, 30_000));
            log.AppendAndFlush(TestLog.Payload(3, (int)TestLog.Geometry.RestOfSegment(log.Log.AppendedLsn) - RecordHeader.Size - rest));
            log.AppendAndFlush([4]);
            log.Log.WriteMark(log.Log.WrittenLsn);
        }

        disk.Corrupt(TestLog.SegmentPath(0), bytes => bytes[TestLog.SegmentBytes - 1] = 1);
        AssertRefused<WalCorruptException>(disk, "too small for a record");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Should_refuse_when_a_segment_below_the_mark_is_missing(long missing)
    {
        var disk = ThreeSegments();
        disk.Delete(TestLog.SegmentPath(missing));
        AssertRefused<WalCorruptException>(disk, "this segment is missing");
    }

    [Fact]
    public void Should_refuse_when_all_segments_are_gone_but_the_mark_knows_of_data()
    {
        var disk = ThreeSegments();
        foreach (var name in disk.ListFiles(TestLog.Directory))
            disk.Delete(Path.Combine(TestLog.Directory, name));
        AssertRefused<WalCorruptException>(disk, "missing");
    }

    [Fact]
    public void Should_refuse_when_the_mark_is_missing_although_segments_exist()
    {
        var disk = ThreeSegments();
        disk.Delete(TestLog.MarkPath);
        AssertRefused<WalCorruptException>(disk, "durable mark is missing");
    }

    [Fact]
    public void Should_refuse_to_start_empty_when_the_log_must_exist() =>
        AssertRefused<WalCorruptException>(new MemoryDisk(), "durable mark is missing", TestLog.Options with { MustExist = true });

    [Fact]
    public void Should_refuse_when_the_file_is_shorter_than_a_segment()
    {
        var disk = ThreeSegments();
        using (var file = disk.Open(TestLog.SegmentPath(1), BitArk.Storage.Disk.DiskOpenMode.ReadWrite))
            file.SetLength(5_000);
        AssertRefused<WalCorruptException>(disk, "5000 bytes");
    }

    [Fact]
    public void Should_refuse_when_the_checkpoint_lies_below_the_log_base()
    {
        var disk = ThreeSegments();
        using (var log = TestLog.Open(disk))
            Assert.Equal(2, log.Log.DeleteSegmentsBelow(log.Log.WrittenLsn));
        var error = Assert.Throws<WalCorruptException>(() => TestLog.Open(disk, from: TestLog.Geometry.Origin));
        Assert.Contains("below the log's base", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_when_the_log_ends_before_the_checkpoint()
    {
        var disk = ThreeSegments();
        Lsn end;
        using (var log = TestLog.Open(disk))
            end = log.Log.WrittenLsn;
        Assert.Throws<WalCorruptException>(() => TestLog.Open(disk, from: end.Plus(8)));
    }

    [Fact]
    public void Should_end_the_log_where_the_epoch_goes_back()
    {
        var disk = new MemoryDisk();
        TestRecord last;
        using (var log = TestLog.Open(disk))
            last = log.AppendAndFlush([1, 2, 3], epoch: 5);
        disk.Corrupt(TestLog.SegmentPath(0), bytes =>
            RecordCodec.Write(bytes, (int)last.End.Value, last.End, new Epoch(4), RecordType.Marks, 0, [9]));
        using var found = TestLog.Open(disk);
        Assert.Equal([last], found.Records);
        Assert.Contains("epoch goes back", Assert.Single(found.TornTails).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_remove_what_an_interrupted_birth_left()
    {
        var disk = ThreeSegments();
        var path = TestLog.SegmentPath(9) + ".tmp";
        using (disk.Open(path, BitArk.Storage.Disk.DiskOpenMode.Create))
        {
        }

        using var found = TestLog.Open(disk);
        Assert.False(disk.FileExists(path));
        Assert.Single(found.TidiedUp);
    }

    [Fact]
    public void Should_remove_a_segment_that_came_back_from_below_the_base()
    {
        var disk = ThreeSegments();
        var before = disk.AfterKill();
        using (var log = TestLog.Open(disk))
            log.Log.DeleteSegmentsBelow(log.Log.WrittenLsn);
        using (var file = disk.Open(TestLog.SegmentPath(0), BitArk.Storage.Disk.DiskOpenMode.Create))
            file.Write(0, before.Dump()[TestLog.SegmentPath(0)]);

        using var found = TestLog.Open(disk);
        Assert.False(disk.FileExists(TestLog.SegmentPath(0)));
        Assert.DoesNotContain(found.Records, record => record.Start < found.Log.LogBase);
    }

    private static SegmentHeader Header(long index) => new(
        WalVersions.Format, WalVersions.MinCompatible, TestLog.Partition, TestLog.Cluster, index, TestLog.SegmentBytes);

    private static MemoryDisk ThreeSegments()
    {
        var disk = new MemoryDisk();
        using var log = TestLog.Open(disk);
        for (var i = 0; i < 5; i++)
            log.AppendAndFlush(TestLog.Payload(i, 30_000));
        log.Log.WriteMark(log.Log.WrittenLsn);
        return disk;
    }

    private static void AssertRefused<TError>(MemoryDisk disk, string reason, WalOptions? options = null)
        where TError : WalException
    {
        var before = disk.Dump();
        var error = Assert.Throws<TError>(() => TestLog.Open(disk, options));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        TestLog.AssertUnchanged(before, disk);
    }
}
