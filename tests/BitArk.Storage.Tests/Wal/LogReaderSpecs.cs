using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class LogReaderSpecs
{
    private static readonly WalOptions WithTail = TestLog.Options with { TailBytes = 16 * 1024 };

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Should_give_one_record_when_it_alone_is_larger_than_asked()
    {
        using var log = TestLog.Open(_disk, WithTail);
        var large = log.AppendAndFlush(TestLog.Payload(1, 10_000));
        log.AppendAndFlush([1]);
        using var reader = log.Log.OpenReader();
        var range = Assert.IsType<LogReadResult.Range>(reader.Read(large.Start, log.Log.WrittenLsn, 1, 10));
        Assert.Equal((large.End, 1, true), (range.End, range.Records, range.IsFromMemory));
        Assert.Equal(large.Payload, range.Bytes[RecordHeader.Size..(RecordHeader.Size + 10_000)].ToArray());
    }

    [Fact]
    public void Should_stop_at_the_number_of_records_asked_for()
    {
        using var log = TestLog.Open(_disk, WithTail);
        var records = Enumerable.Range(0, 5).Select(i => log.AppendAndFlush([(byte)i])).ToList();
        using var reader = log.Log.OpenReader();
        var range = Assert.IsType<LogReadResult.Range>(reader.Read(records[0].Start, log.Log.WrittenLsn, 4096, 3));
        Assert.Equal((records[2].End, 3), (range.End, range.Records));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Should_read_nothing_above_the_limit_or_what_is_not_durable(bool withTail)
    {
        using var log = TestLog.Open(_disk, withTail ? WithTail : TestLog.Options);
        var first = log.AppendAndFlush([1]);
        var second = log.AppendAndFlush([2]);
        log.Append([3]);
        using var reader = log.Log.OpenReader();
        Assert.Equal(first.End, Assert.IsType<LogReadResult.Range>(reader.Read(first.Start, first.End, 4096, 10)).End);
        Assert.Equal(second.End, Assert.IsType<LogReadResult.Range>(reader.Read(first.Start, log.Log.AppendedLsn, 4096, 10)).End);
        Assert.IsType<LogReadResult.AtEnd>(reader.Read(second.End, log.Log.AppendedLsn, 4096, 10));
        Assert.IsType<LogReadResult.AtEnd>(reader.Read(first.Start, first.End.Plus(-8), 4096, 10));
    }

    [Fact]
    public void Should_name_the_record_when_the_file_has_rotted()
    {
        using var log = TestLog.Open(_disk);
        var records = Enumerable.Range(0, 5).Select(i => log.AppendAndFlush(TestLog.Payload(i, 50))).ToList();
        _disk.Corrupt(TestLog.SegmentPath(0), bytes => bytes[records[3].Start.Value + 40] ^= 4);
        using var reader = log.Log.OpenReader();
        var sound = Assert.IsType<LogReadResult.Range>(reader.Read(records[0].Start, log.Log.WrittenLsn, 4096, 10));
        Assert.Equal((records[3].Start, 3), (sound.End, sound.Records));
        var damaged = Assert.IsType<LogReadResult.Damaged>(reader.Read(sound.End, log.Log.WrittenLsn, 4096, 10));
        Assert.Equal((records[3].Start, TestLog.SegmentPath(0)), (damaged.Lsn, damaged.FilePath));
        Assert.Contains("checksum", damaged.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(1, 8)]
    public void Should_call_it_damage_when_a_length_has_rotted_so_that_the_record_reaches_beyond_the_limit(int at, byte bit)
    {
        using var log = TestLog.Open(_disk);
        var record = log.AppendAndFlush([1]);
        _disk.Corrupt(TestLog.SegmentPath(0), bytes => bytes[record.Start.Value + at] ^= (byte)(bit << 4 >> (at * 4)));
        using var reader = log.Log.OpenReader();
        Assert.Equal(record.Start, Assert.IsType<LogReadResult.Damaged>(reader.Read(record.Start, log.Log.WrittenLsn, 4096, 10)).Lsn);
    }

    [Fact]
    public void Should_call_an_unreadable_sector_damage()
    {
        var faulty = new FaultyDisk(_disk);
        using var log = TestLog.Open(faulty);
        var record = log.AppendAndFlush([1]);
        faulty.UnreadableWhen = path => path.EndsWith(".wal", StringComparison.Ordinal);
        using var reader = log.Log.OpenReader();
        Assert.Equal(record.Start, Assert.IsType<LogReadResult.Damaged>(reader.Read(record.Start, log.Log.WrittenLsn, 4096, 10)).Lsn);
    }

    [Fact]
    public void Should_say_so_when_the_log_is_gone_or_goes_meanwhile()
    {
        using var log = TestLog.Open(_disk);
        var first = log.AppendAndFlush(TestLog.Payload(1, 30_000));
        for (var i = 0; i < 5; i++)
            log.AppendAndFlush(TestLog.Payload(1, 30_000));
        using var reader = log.Log.OpenReader();
        // As a collector that is between its unlink and the moment it says so.
        _disk.Delete(TestLog.SegmentPath(0));
        Assert.IsType<LogReadResult.NotRetained>(reader.Read(first.Start, log.Log.WrittenLsn, 4096, 10));
        log.Log.DeleteSegmentsBelow(log.Log.WrittenLsn);
        var gone = Assert.IsType<LogReadResult.NotRetained>(reader.Read(first.Start, log.Log.WrittenLsn, 4096, 10));
        Assert.Equal(log.Log.MinRetainedLsn, gone.MinRetainedLsn);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16 * 1024)]
    public void Should_never_show_what_stood_behind_a_cut(int tailBytes)
    {
        using var log = TestLog.Open(_disk, TestLog.Options with { TailBytes = tailBytes });
        var kept = log.AppendAndFlush(TestLog.Payload(1, 30_000));
        for (var i = 0; i < 3; i++)
            log.AppendAndFlush(TestLog.Payload(2, 30_000));
        var second = TestLog.Geometry.FirstPosition(1);
        using var reader = log.Log.OpenReader();
        Assert.IsType<LogReadResult.Range>(reader.Read(second, log.Log.WrittenLsn, 4096, 10));

        log.Log.CutTo(kept.End, new Epoch(1));
        Assert.IsType<LogReadResult.AtEnd>(reader.Read(second, new Lsn(long.MaxValue), 4096, 10));
        for (var i = 0; i < 3; i++)
            log.AppendAndFlush(TestLog.Payload(3, 30_000), epoch: 2);
        var range = Assert.IsType<LogReadResult.Range>(reader.Read(second, log.Log.WrittenLsn, 4096, 10));
        Assert.Equal(new Epoch(2), range.LastEpoch);
    }

    [Fact]
    public void Should_refuse_a_position_at_which_no_record_can_begin()
    {
        using var log = TestLog.Open(_disk);
        using var reader = log.Log.OpenReader();
        foreach (var position in new[] { 0, 65, 8, TestLog.SegmentBytes })
            Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(new Lsn(position), log.Log.WrittenLsn, 4096, 10));
    }

    [Fact]
    public async Task Should_read_the_log_whole_while_its_owner_appends_and_collects()
    {
        using var log = TestLog.Open(PosixLikeDisk(), TestLog.Options with { TailBytes = 8 * 1024 });
        var appended = new List<TestRecord>();
        var done = false;
        using var reader = log.Log.OpenReader(checksTail: true);
        var reading = Task.Run(() =>
        {
            var (at, records) = (TestLog.Geometry.Origin, 0);
            while (!Volatile.Read(ref done) || at < log.Log.WrittenLsn)
            {
                var result = reader.Read(at, log.Log.WrittenLsn, 4096, 50);
                Assert.True(result is LogReadResult.Range or LogReadResult.AtEnd, result.ToString());
                if (result is LogReadResult.Range range)
                    (at, records) = (range.End, records + range.Records);
            }

            return records;
        });
        for (var i = 0; i < 3000; i++)
        {
            appended.Add(log.Append(TestLog.Payload(i, 100 + (i % 400))));
            if (i % 3 == 0)
                log.Log.Flush();
        }

        log.Log.Flush();
        Volatile.Write(ref done, true);
        Assert.InRange(await reading, appended.Count, appended.Count + 100);
    }

    // MemoryDisk is for one thread; a reader beside the owner needs a real one.
    private static LockedDisk PosixLikeDisk() => new(new MemoryDisk());
}
