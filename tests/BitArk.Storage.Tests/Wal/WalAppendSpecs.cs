using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class WalAppendSpecs
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Should_begin_a_new_log_behind_the_first_header()
    {
        using var log = TestLog.Open(_disk);
        Assert.Equal(new Lsn(64), log.Log.WrittenLsn);
        Assert.Equal(new Lsn(64), log.Log.MinRetainedLsn);
        Assert.True(log.Log.NeedsSpare);
        Assert.Equal(1, log.Log.SpareIndex);
    }

    [Fact]
    public void Should_move_the_written_position_only_with_a_flush()
    {
        using var log = TestLog.Open(_disk);
        var record = log.Append([1, 2, 3]);
        Assert.Equal((new Lsn(64), new Lsn(96)), (record.Start, record.End));
        Assert.Equal(new Lsn(64), log.Log.WrittenLsn);
        Assert.Equal(record.End, log.Log.AppendedLsn);
        log.Log.Flush();
        Assert.Equal(record.End, log.Log.WrittenLsn);
        Assert.Equal(0, log.Log.PendingBytes);
    }

    [Fact]
    public void Should_write_and_sync_once_for_a_whole_batch()
    {
        var faulty = new FaultyDisk(_disk);
        using var log = TestLog.Open(faulty);
        var before = faulty.Calls;
        for (var i = 0; i < 100; i++)
            log.Append([1]);
        log.Log.Flush();
        Assert.Equal(
            ["pwrite 0000000000000000.wal", "fdatasync 0000000000000000.wal"],
            faulty.Trace.Skip(before));
    }

    [Fact]
    public void Should_not_touch_the_disk_when_there_is_nothing_to_flush()
    {
        var faulty = new FaultyDisk(_disk);
        using var log = TestLog.Open(faulty);
        var before = faulty.Calls;
        log.Log.Flush();
        Assert.Equal(before, faulty.Calls);
    }

    [Fact]
    public void Should_ask_for_a_flush_when_the_batch_is_full()
    {
        using var log = TestLog.Open(_disk, TestLog.Options with { MaxBatchBytes = 4096 });
        Assert.Equal(AppendOutcome.Appended, TryAppend(log, 4000));
        Assert.Equal(AppendOutcome.FlushFirst, TryAppend(log, 100));
        log.Log.Flush();
        Assert.Equal(AppendOutcome.Appended, TryAppend(log, 100));
    }

    [Fact]
    public void Should_take_a_record_larger_than_the_batch_limit_alone()
    {
        using var log = TestLog.Open(_disk, TestLog.Options with { MaxBatchBytes = 4096 });
        Assert.Equal(AppendOutcome.Appended, TryAppend(log, TestLog.Geometry.MaxPayloadBytes));
    }

    [Fact]
    public void Should_refuse_a_record_that_never_fits()
    {
        using var log = TestLog.Open(_disk);
        Assert.Equal(AppendOutcome.TooLarge, TryAppend(log, TestLog.Geometry.MaxPayloadBytes + 1));
        Assert.Equal(0, log.Log.PendingBytes);
    }

    [Fact]
    public void Should_refuse_an_epoch_that_goes_back_and_types_that_are_not_appended()
    {
        using var log = TestLog.Open(_disk);
        log.AppendAndFlush([1], epoch: 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Append([1], epoch: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.TryAppend(new Epoch(4), RecordType.Pad, 0, [], out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.TryAppend(new Epoch(4), (RecordType)9, 0, [], out _, out _));
    }

    [Fact]
    public void Should_pad_the_rest_and_go_on_in_the_next_segment_when_a_record_does_not_fit()
    {
        using (var log = TestLog.Open(_disk))
        {
            log.AddSpare();
            log.AppendAndFlush(new byte[30_000]);
            log.AppendAndFlush(new byte[30_000]);
            var record = log.AppendAndFlush(new byte[10_000]);
            Assert.Equal(TestLog.Geometry.FirstPosition(1), record.Start);
        }

        using var found = TestLog.Open(_disk);
        Assert.Equal([RecordType.Marks, RecordType.Marks, RecordType.Pad, RecordType.Marks], found.Records.Select(record => record.Type));
        Assert.Equal(found.Records[3].Start, found.Records[2].End);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void Should_go_on_in_the_next_segment_when_little_or_nothing_is_left(int rest)
    {
        var records = new List<TestRecord>();
        using (var log = TestLog.Open(_disk))
        {
            log.AddSpare();
            records.Add(log.AppendAndFlush(new byte[32_000]));
            var left = (int)TestLog.Geometry.RestOfSegment(log.Log.AppendedLsn);
            records.Add(log.AppendAndFlush(new byte[left - 1024 - RecordHeader.Size]));
            records.Add(log.AppendAndFlush(new byte[1024 - RecordHeader.Size - rest]));
            Assert.True(TestLog.Geometry.IsPosition(log.Log.WrittenLsn));
            records.Add(log.AppendAndFlush(new byte[100]));
        }

        Assert.Equal(TestLog.Geometry.FirstPosition(1), records[^1].Start);
        using var found = TestLog.Open(_disk);
        Assert.Equal(records, found.Marks);
        Assert.Empty(found.TornTails);
    }

    [Fact]
    public void Should_answer_no_space_and_recover_when_the_next_segment_does_not_exist_yet()
    {
        using var log = TestLog.Open(_disk);
        log.AppendAndFlush(new byte[32_000]);
        log.AppendAndFlush(new byte[32_000]);
        Assert.Equal(AppendOutcome.NoSpace, TryAppend(log, 10_000));
        Assert.Equal(0, log.Log.PendingBytes);
        Assert.Equal(AppendOutcome.Appended, TryAppend(log, 100));
        Assert.Equal(AppendOutcome.NoSpace, TryAppend(log, 10_000));
        log.Log.Flush();
        log.AddSpare();
        Assert.Equal(AppendOutcome.FlushFirst, TryAppend(log, 10_000));
        log.Log.Flush();
        Assert.Equal(AppendOutcome.Appended, TryAppend(log, 10_000));
    }

    [Fact]
    public void Should_delete_an_offered_spare_that_is_not_needed()
    {
        using var log = TestLog.Open(_disk);
        Assert.False(log.Log.OfferSpare(log.Log.Segments.Create(5)));
        Assert.False(_disk.FileExists(TestLog.SegmentPath(5)));
    }

    [Fact]
    public void Should_allocate_nothing_when_appending_and_flushing()
    {
        var log = TestLog.Open(new NullDisk(_disk)).Log;
        var payload = new byte[50];
        Assert.Equal(0, Allocations.EachTime(10, () =>
        {
            for (var i = 0; i < 50; i++)
                Append(log, payload);
        }));
    }

    private static void Append(WriteAheadLog log, byte[] payload)
    {
        log.TryAppend(new Epoch(1), RecordType.Marks, 0, payload, out _, out _);
        log.Flush();
    }

    private static AppendOutcome TryAppend(TestLog log, int bytes) =>
        log.Log.TryAppend(new Epoch(1), RecordType.Marks, 0, new byte[bytes], out _, out _);
}
