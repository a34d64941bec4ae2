using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class WalRetentionSpecs
{
    [Fact]
    public void Should_make_a_segments_name_durable_when_it_is_created()
    {
        var faulty = new FaultyDisk(new MemoryDisk());
        using var log = TestLog.Open(faulty);
        log.AppendAndFlush([1]);
        var index = log.Log.SpareIndex;
        var name = LogGeometry.SegmentName(index);
        Assert.True(log.Log.OfferSpare(log.Log.Segments.Create(index)));
        Assert.Equal([$"fsync {name}.tmp", $"rename {name}.tmp", "fsync wal"], faulty.Trace.TakeLast(3));
    }

    private static readonly int NothingSurvives = Enumerable.Range(0, 100).First(seed => new Random(seed).Next(3) == 0);

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Should_delete_whole_segments_below_the_floor_and_never_the_current_one()
    {
        using var log = Fill();
        Assert.Equal(0, log.Log.DeleteSegmentsBelow(TestLog.Geometry.FirstPosition(1).Plus(-SegmentHeader.Size - RecordHeader.Size)));
        Assert.Equal(1, log.Log.DeleteSegmentsBelow(TestLog.Geometry.FirstPosition(1).Plus(800)));
        Assert.Equal(TestLog.Geometry.FirstPosition(1), log.Log.MinRetainedLsn);
        Assert.Equal(1, log.Log.DeleteSegmentsBelow(new Lsn(long.MaxValue / 2)));
        Assert.Equal(TestLog.Geometry.FirstPosition(2), log.Log.MinRetainedLsn);
        Assert.Equal(0, log.Log.DeleteSegmentsBelow(new Lsn(long.MaxValue / 2)));
        log.AppendAndFlush([1]);
    }

    // The page cache still shows a mark whose sync failed. Found by the simulator (seed 5979).
    [Fact]
    public void Should_delete_nothing_on_the_word_of_a_mark_that_a_power_cut_takes_back()
    {
        Fill().Dispose();
        var faulty = new FaultyDisk(_disk);
        using (var log = TestLog.Open(faulty))
        {
            faulty.FailWhen = (operation, path) => operation == "fdatasync" && path == TestLog.MarkPath;
            Assert.Throws<DiskException>(() => log.Log.DeleteSegmentsBelow(log.Log.WrittenLsn));
        }

        Lsn written;
        using (var next = TestLog.Open(_disk))
            written = next.Log.WrittenLsn;
        _disk.CutPower(NothingSurvives);
        using var again = TestLog.Open(_disk);
        Assert.Equal(written, again.Log.WrittenLsn);
    }

    [Fact]
    public void Should_move_the_base_durably_and_then_delete_oldest_first()
    {
        Fill().Dispose();
        var faulty = new FaultyDisk(_disk);
        using var log = TestLog.Open(faulty);
        var before = faulty.Calls;
        log.Log.DeleteSegmentsBelow(log.Log.WrittenLsn);
        Assert.Equal(
            [
                "pwrite durable.mark", "fdatasync durable.mark", "pwrite durable.mark", "fdatasync durable.mark",
                "unlink 0000000000000000.wal", "unlink 0000000000000001.wal", "fsync wal",
            ],
            faulty.Trace.Skip(before));
    }

    [Fact]
    public void Should_replay_from_the_base_when_opened_again()
    {
        using (var log = Fill())
            log.Log.DeleteSegmentsBelow(log.Log.WrittenLsn);
        using var found = TestLog.Open(_disk);
        Assert.Equal(TestLog.Geometry.FirstPosition(2), found.Log.MinRetainedLsn);
        Assert.All(found.Records, record => Assert.True(record.Start >= found.Log.MinRetainedLsn));
        Assert.NotEmpty(found.Records);
    }

    [Fact]
    public void Should_replay_from_the_checkpoint_only()
    {
        TestRecord first, second;
        using (var log = TestLog.Open(_disk))
        {
            first = log.AppendAndFlush([1], epoch: 3);
            second = log.AppendAndFlush([2], epoch: 4);
        }

        using var found = TestLog.Open(_disk, from: first.End, epoch: new Epoch(3));
        Assert.Equal([second], found.Records);
        Assert.Equal(new Epoch(4), found.Log.LastEpoch);
    }

    [Fact]
    public void Should_keep_the_checkpoints_epoch_when_nothing_follows_it()
    {
        Lsn end;
        using (var log = TestLog.Open(_disk))
            end = log.AppendAndFlush([1], epoch: 3).End;
        using var found = TestLog.Open(_disk, from: end, epoch: new Epoch(3));
        Assert.Empty(found.Records);
        Assert.Equal(new Epoch(3), found.Log.LastEpoch);
    }

    [Fact]
    public void Should_cap_the_commit_position_of_the_mark_at_what_is_durable()
    {
        using var log = TestLog.Open(_disk);
        var first = log.AppendAndFlush([1]);
        log.Append([2]);
        log.Log.WriteMark(log.Log.AppendedLsn);
        Assert.Equal(first.End, log.Log.Mark.State.CommitLsn);
        Assert.Equal(first.End, log.Log.Mark.State.DurableLsn);
    }

    private TestLog Fill()
    {
        var log = TestLog.Open(_disk);
        for (var i = 0; i < 5; i++)
            log.AppendAndFlush(TestLog.Payload(i, 30_000));
        log.Log.WriteMark(log.Log.WrittenLsn);
        return log;
    }
}
