using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class WalFailureSpecs
{
    private const int NoSpace = DiskException.NoSpace;
    private const int PowerCuts = 8;

    [Theory]
    [InlineData("pwrite")]
    [InlineData("fdatasync")]
    public void Should_fail_for_good_and_acknowledge_nothing_when_a_flush_fails(string call)
    {
        var faulty = new FaultyDisk(new MemoryDisk());
        using var log = TestLog.Open(faulty);
        var written = log.AppendAndFlush([1]).End;
        log.Append([2]);
        faulty.FailWhen = (operation, _) => operation == call;
        var error = Assert.Throws<DiskException>(log.Log.Flush);
        Assert.Equal(call, error.Operation);

        faulty.FailWhen = null;
        Assert.True(log.Log.IsFailed);
        Assert.Equal(written, log.Log.WrittenLsn);
        Assert.Throws<WalFailedException>(log.Log.Flush);
        Assert.Throws<WalFailedException>(() => log.Append([3]));
        Assert.Equal(written, log.Log.WrittenLsn);
    }

    [Fact]
    public void Should_make_what_it_reports_durable_when_a_failed_sync_left_it_in_the_page_cache_only()
    {
        var (disk, records) = WithRecordInThePageCacheOnly();
        using (var log = TestLog.Open(disk))
            Assert.Equal(records, log.Records);

        for (var seed = 0; seed < PowerCuts; seed++)
        {
            using var found = TestLog.Open(disk.AfterPowerCut(seed));
            Assert.Equal(records, found.Records);
        }
    }

    [Fact]
    public void Should_not_mark_what_is_in_the_page_cache_only_as_durable_when_recovery_stops_at_any_call()
    {
        var (origin, records) = WithRecordInThePageCacheOnly();
        for (var call = 1; ; call++)
        {
            var disk = origin.AfterKill();
            var faulty = new FaultyDisk(disk) { CrashAt = call };
            try
            {
                TestLog.Open(faulty).Dispose();
                Assert.True(call > 3, $"recovery made only {call} calls");
                return;
            }
            catch (SimulatedCrashException)
            {
            }

            for (var seed = 0; seed < PowerCuts; seed++)
            {
                using var found = TestLog.Open(disk.AfterPowerCut(seed));
                Assert.True(records.Take(found.Records.Count).SequenceEqual(found.Records), $"stopped at {faulty.Trace[^1]}, seed {seed}");
                Assert.NotEmpty(found.Records);
            }
        }
    }

    [Fact]
    public void Should_not_lose_acknowledged_records_when_any_call_fails()
    {
        for (var call = 1; ; call++)
        {
            var disk = new MemoryDisk();
            var faulty = new FaultyDisk(disk) { FailAt = call };
            var script = new CrashScript();
            try
            {
                script.Run(faulty);
                Assert.False(faulty.HasFired, $"call {call}: a failure was swallowed");
                return;
            }
            catch (DiskException)
            {
            }

            using (var found = TestLog.Open(disk.AfterKill()))
                script.AssertSurvivedIn(found, $"{faulty.Trace[^1]} failed at call {call}, then a kill");
            using (var found = TestLog.Open(disk.AfterPowerCut(0)))
                script.AssertSurvivedIn(found, $"{faulty.Trace[^1]} failed at call {call}, then a power cut");
        }
    }

    [Fact]
    public void Should_leave_nothing_behind_and_work_later_when_the_disk_is_full_for_a_spare()
    {
        var disk = new MemoryDisk();
        var faulty = new FaultyDisk(disk) { Errno = NoSpace };
        using var log = TestLog.Open(faulty);
        faulty.FailWhen = (operation, path) => operation == "pwrite" && path.EndsWith(".tmp", StringComparison.Ordinal);
        var error = Assert.Throws<DiskException>(() => log.Log.Segments.Create(log.Log.SpareIndex));
        Assert.True(error.IsDiskFull);
        Assert.Equal(["0000000000000000.wal"], disk.ListFiles(TestLog.Directory));

        faulty.FailWhen = null;
        log.AddSpare();
        Assert.False(log.Log.NeedsSpare);
    }

    [Fact]
    public void Should_start_and_answer_no_space_when_the_disk_is_full_and_the_next_segment_is_missing()
    {
        var disk = new MemoryDisk();
        var records = new List<TestRecord>();
        using (var log = TestLog.Open(disk))
        {
            records.Add(log.AppendAndFlush(new byte[32_000]));
            var left = (int)TestLog.Geometry.RestOfSegment(log.Log.AppendedLsn);
            records.Add(log.AppendAndFlush(new byte[left - 1024 - RecordHeader.Size]));
            records.Add(log.AppendAndFlush(new byte[1024 - RecordHeader.Size]));
        }

        var faulty = new FaultyDisk(disk) { Errno = NoSpace, FailWhen = (_, path) => path.EndsWith("1.wal.tmp", StringComparison.Ordinal) };
        using var full = TestLog.Open(faulty);
        Assert.Equal(records, full.Records);
        Assert.Equal(AppendOutcome.NoSpace, full.Log.TryAppend(new Epoch(1), RecordType.Marks, 0, [1], out _, out _));

        faulty.FailWhen = null;
        full.AddSpare();
        full.AppendAndFlush([1]);
    }

    [Fact]
    public void Should_cut_a_torn_tail_without_a_copy_when_the_disk_is_full()
    {
        var disk = new MemoryDisk();
        TestRecord record;
        using (var log = TestLog.Open(disk))
            record = log.AppendAndFlush([1]);
        disk.Corrupt(TestLog.SegmentPath(0), bytes => bytes[record.End.Value + 40] = 1);
        var full = new FaultyDisk(disk) { Errno = NoSpace, FailWhen = (operation, path) => operation == "pwrite" && path.Contains(".broken", StringComparison.Ordinal) };
        using var found = TestLog.Open(full);
        Assert.Null(Assert.Single(found.TornTails).CopyPath);
        Assert.Equal(["0000000000000000.wal"], disk.ListFiles(TestLog.Directory));
    }

    // The second record was written, its sync failed, and the kernel dropped it: reads show it, the device never had it.
    private static (MemoryDisk Disk, List<TestRecord> Records) WithRecordInThePageCacheOnly()
    {
        var disk = new MemoryDisk();
        var faulty = new FaultyDisk(disk);
        using var log = TestLog.Open(faulty);
        List<TestRecord> records = [log.AppendAndFlush([1]), log.Append([2])];
        faulty.FailWhen = (operation, _) => operation == "fdatasync";
        Assert.Throws<DiskException>(log.Log.Flush);
        return (disk.AfterKill(), records);
    }
}
