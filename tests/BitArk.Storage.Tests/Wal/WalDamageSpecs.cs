using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

/// <summary>
/// One damaged byte, or a log cut off at one byte, at every position of the last two records and of one in the middle:
/// below the durable mark it is refused and nothing is touched, above it the valid prefix comes back.
/// </summary>
public sealed class WalDamageSpecs
{
    private static readonly int[] Sizes = [40, 33, 120, 64, 17, 90, 55, 72];

    /// <summary>Which records are damaged, by their place.</summary>
    public static TheoryData<int> Damaged => [3, 6, 7];

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Should_refuse_and_name_the_place_when_a_byte_below_the_mark_is_flipped(int damaged)
    {
        var (origin, records) = Write(markAfter: Sizes.Length);
        foreach (var offset in BytesOf(records[damaged]))
            AssertRefused(origin, disk => disk.Corrupt(Segment, bytes => bytes[offset] ^= 0x10), records[damaged], offset);
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Should_refuse_and_name_the_place_when_the_log_is_cut_off_below_the_mark(int damaged)
    {
        var (origin, records) = Write(markAfter: Sizes.Length);
        foreach (var offset in BytesOf(records[damaged]).Where(offset => IsLastWritten(origin, offset)))
        {
            var first = records[FirstCutOff(records, damaged, offset)];
            AssertRefused(origin, disk => disk.Corrupt(Segment, bytes => bytes.AsSpan(offset).Clear()), first, offset);
        }
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Should_recover_the_valid_prefix_when_a_byte_above_the_mark_is_flipped(int damaged)
    {
        var (origin, records) = Write(markAfter: 2);
        foreach (var offset in BytesOf(records[damaged]))
            AssertRecovered(origin, disk => disk.Corrupt(Segment, bytes => bytes[offset] ^= 0x10), records, damaged, offset);
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Should_recover_the_valid_prefix_when_the_log_is_cut_off_above_the_mark(int damaged)
    {
        var (origin, records) = Write(markAfter: 2);
        foreach (var offset in BytesOf(records[damaged]).Where(offset => IsLastWritten(origin, offset)))
        {
            var first = FirstCutOff(records, damaged, offset);
            AssertRecovered(origin, disk => disk.Corrupt(Segment, bytes => bytes.AsSpan(offset).Clear()), records, first, offset);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(24)]
    [InlineData(4096)]
    [InlineData(TestLog.SegmentBytes - 1)]
    public void Should_set_bytes_aside_when_they_stand_behind_a_clean_end(int distance)
    {
        var (origin, records) = Write(markAfter: Sizes.Length);
        var end = (int)records[^1].End.Value;
        var offset = Math.Min(end + distance - 1, TestLog.SegmentBytes - 1);
        AssertRecovered(origin, disk => disk.Corrupt(Segment, bytes => bytes[offset] = 1), records, records.Count, offset);
    }

    [Fact]
    public void Should_refuse_when_a_later_segment_proves_that_damage_above_the_mark_was_durable()
    {
        var disk = new MemoryDisk();
        TestRecord first;
        using (var log = TestLog.Open(disk))
        {
            first = log.AppendAndFlush(TestLog.Payload(1, 30_000));
            log.AppendAndFlush(TestLog.Payload(2, 30_000));
            log.AppendAndFlush(TestLog.Payload(3, 30_000));
        }

        disk.Corrupt(Segment, bytes => bytes[first.Start.Value + 100] ^= 1);
        var error = Assert.Throws<WalCorruptException>(() => TestLog.Open(disk));
        Assert.Equal(first.Start, error.Lsn);
    }

    [Fact]
    public void Should_keep_at_most_four_copies_of_torn_tails()
    {
        var disk = new MemoryDisk();
        for (var i = 0; i < 6; i++)
        {
            Lsn end;
            using (var log = TestLog.Open(disk))
            {
                end = log.AppendAndFlush(TestLog.Payload(i, 100)).End;
                log.Log.WriteMark(end);
            }

            disk.Corrupt(Segment, bytes => bytes[end.Value + 30] = 1);
        }

        TestLog.Open(disk).Dispose();
        Assert.Equal(4, disk.ListFiles(TestLog.Directory).Count(name => name.EndsWith(".broken", StringComparison.Ordinal)));
    }

    [Fact]
    public void Should_keep_the_newer_copy_when_another_tail_was_torn_in_the_same_place()
    {
        var (disk, records) = Write(markAfter: Sizes.Length);
        var end = (int)records[^1].End.Value;
        TearOff(disk, [.. TestLog.Payload(1, 400), 1]);
        byte[] other = [.. TestLog.Payload(2, 200), 1];
        Assert.Equal(other, TearOff(disk, other));

        byte[] TearOff(MemoryDisk torn, byte[] tail)
        {
            torn.Corrupt(Segment, bytes => tail.CopyTo(bytes, end));
            using var found = TestLog.Open(torn);
            return torn.Dump()[Assert.Single(found.TornTails).CopyPath!];
        }
    }

    [Fact]
    public void Should_keep_the_first_copy_when_a_power_cut_left_the_tail_partly_zeroed()
    {
        var (disk, records) = Write(markAfter: Sizes.Length);
        var end = (int)records[^1].End.Value;
        byte[] whole = [.. TestLog.Payload(1, 3000), 1];
        disk.Corrupt(Segment, bytes => whole.CopyTo(bytes, end));
        TestLog.Open(disk).Dispose();

        disk.Corrupt(Segment, bytes => whole.AsSpan(1024, 512).CopyTo(bytes.AsSpan(end + 1024)));
        using var found = TestLog.Open(disk);
        Assert.Equal(whole, disk.Dump()[Assert.Single(found.TornTails).CopyPath!]);
    }

    private static string Segment => TestLog.SegmentPath(0);

    private static (MemoryDisk Disk, List<TestRecord> Records) Write(int markAfter)
    {
        var disk = new MemoryDisk();
        using var log = TestLog.Open(disk);
        var records = new List<TestRecord>();
        foreach (var size in Sizes)
        {
            // Ends in a byte that is not zero, so that cutting the last byte off is a change.
            byte[] payload = [.. TestLog.Payload(size, size - 1), 0xFF];
            records.Add(log.AppendAndFlush(payload));
            if (records.Count == markAfter)
                log.Log.WriteMark(log.Log.WrittenLsn);
        }

        return (disk, records);
    }

    private static IEnumerable<int> BytesOf(TestRecord record) =>
        Enumerable.Range((int)record.Start.Value, (int)record.End.BytesSince(record.Start));

    // Cutting where only zeros follow would change nothing.
    private static bool IsLastWritten(MemoryDisk disk, int offset) =>
        disk.Dump()[Segment].AsSpan(offset).ContainsAnyExcept((byte)0);

    // The zeros behind a record may be cut off without hurting it.
    private static int FirstCutOff(List<TestRecord> records, int damaged, int offset) =>
        offset >= records[damaged].Start.Value + RecordHeader.Size + records[damaged].Payload.Length ? damaged + 1 : damaged;

    private static void AssertRefused(MemoryDisk origin, Action<MemoryDisk> damage, TestRecord record, int offset)
    {
        var disk = origin.AfterKill();
        damage(disk);
        var before = disk.Dump();
        var error = Assert.Throws<WalCorruptException>(() => TestLog.Open(disk));
        Assert.True(
            (error.FilePath, error.Offset, error.Lsn) == (Segment, record.Start.Value, record.Start),
            $"byte {offset}: reported at {error.FilePath}, {error.Offset}, {error.Lsn}");
        Assert.NotEmpty(error.Reason);
        Assert.Contains($"offset 0x{error.Offset:X}", error.Message, StringComparison.Ordinal);
        TestLog.AssertUnchanged(before, disk);
    }

    private static void AssertRecovered(
        MemoryDisk origin, Action<MemoryDisk> damage, List<TestRecord> records, int damaged, int offset)
    {
        var disk = origin.AfterKill();
        damage(disk);
        var before = disk.Dump()[Segment];
        var valid = records.Take(damaged).ToList();
        var end = valid[^1].End;
        using (var found = TestLog.Open(disk))
        {
            Assert.True(valid.SequenceEqual(found.Records), $"byte {offset}: not the valid prefix");
            Assert.Equal(end, found.Log.WrittenLsn);
            AssertKeptAside(disk, found, before, end, offset);
        }

        var after = disk.Dump()[Segment];
        Assert.True(before.AsSpan(0, (int)end.Value).SequenceEqual(after.AsSpan(0, (int)end.Value)), $"byte {offset}: prefix changed");
        Assert.False(after.AsSpan((int)end.Value).ContainsAnyExcept((byte)0), $"byte {offset}: the rest is not zero");
    }

    private static void AssertKeptAside(MemoryDisk disk, TestLog found, byte[] before, Lsn end, int offset)
    {
        // Cut off exactly between two records: that is a clean end, and there is nothing to keep.
        if (!before.AsSpan((int)end.Value).ContainsAnyExcept((byte)0))
        {
            Assert.Empty(found.TornTails);
            return;
        }

        var tail = Assert.Single(found.TornTails);
        Assert.Equal((end, Segment, end.Value), (tail.Lsn, tail.FilePath, tail.Offset));
        Assert.NotEmpty(tail.Reason);
        var copy = disk.Dump()[tail.CopyPath!];
        Assert.True(before.AsSpan((int)end.Value, copy.Length).SequenceEqual(copy), $"byte {offset}: the copy differs");
        Assert.Equal(tail.Bytes, copy.Length);
    }
}
