using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class WalCutSpecs
{
    private readonly MemoryDisk _disk = new();
    private readonly List<TestRecord> _records = [];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Should_end_at_the_cut_and_go_on_from_there(int kept)
    {
        using (var log = Fill())
        {
            var cut = kept == 0 ? TestLog.Geometry.Origin : _records[kept - 1].End;
            log.Log.CutTo(cut, new Epoch(1));
            Assert.Equal(cut, log.Log.WrittenLsn);
            Assert.Equal(cut, log.Log.AppendedLsn);
            _records.RemoveRange(kept, _records.Count - kept);
            _records.Add(log.AppendAndFlush(TestLog.Payload(99, 20_000), epoch: 2));
        }

        using var found = TestLog.Open(_disk.AfterPowerCut(0));
        Assert.Equal(_records, found.Marks);
        Assert.Empty(found.TornTails);
    }

    [Fact]
    public void Should_cut_at_the_end_of_a_segment_that_is_exactly_full()
    {
        using var log = TestLog.Open(_disk);
        log.AppendAndFlush(new byte[32_000]);
        var left = (int)TestLog.Geometry.RestOfSegment(log.Log.AppendedLsn);
        log.AppendAndFlush(new byte[left - 1024 - RecordHeader.Size]);
        log.AppendAndFlush(new byte[1024 - RecordHeader.Size]);
        log.AppendAndFlush(new byte[100]);
        log.Log.CutTo(TestLog.Geometry.FirstPosition(1), new Epoch(1));
        Assert.Equal(TestLog.Geometry.FirstPosition(1), log.AppendAndFlush([1]).Start);
    }

    [Fact]
    public void Should_lower_the_durable_mark_with_the_cut()
    {
        using var log = Fill();
        log.Log.WriteMark(log.Log.WrittenLsn);
        log.Log.CutTo(_records[0].End, new Epoch(1));
        var state = log.Log.Mark.State;
        Assert.Equal((_records[0].End, _records[0].End, null), (state.DurableLsn, state.CommitLsn, state.CutIntent));
    }

    [Fact]
    public void Should_leave_no_slot_with_the_intent_when_the_cut_is_done()
    {
        using (var log = Fill())
            log.Log.CutTo(_records[0].End, new Epoch(1));
        foreach (var offset in new[] { 0, 4096 })
        {
            var disk = _disk.AfterKill();
            disk.Corrupt(TestLog.MarkPath, bytes => bytes[offset + 40] ^= 0xFF);
            Assert.Null(DurableMarkFile.Read(TestLog.MarkPath, disk).CutIntent);
        }
    }

    [Fact]
    public void Should_refuse_to_cut_above_what_is_written_or_below_the_base()
    {
        using var log = Fill();
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.CutTo(log.Log.WrittenLsn.Plus(8), new Epoch(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.CutTo(new Lsn(0), new Epoch(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.CutTo(new Lsn(65), new Epoch(1)));
    }

    [Fact]
    public void Should_refuse_to_cut_inside_a_record()
    {
        using var log = Fill();
        var before = _disk.Dump();
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.CutTo(_records[1].Start.Plus(8), new Epoch(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.CutTo(_records[3].End.Plus(-8), new Epoch(1)));
        TestLog.AssertUnchanged(before, _disk);
        log.Log.CutTo(_records[3].End, new Epoch(1));
    }

    private TestLog Fill()
    {
        var log = TestLog.Open(_disk);
        for (var i = 0; i < 6; i++)
            _records.Add(log.AppendAndFlush(TestLog.Payload(i, 25_000)));
        return log;
    }
}
