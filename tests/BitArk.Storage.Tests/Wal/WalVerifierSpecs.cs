using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

/// <summary>The verifier says what recovery would do, and changes nothing.</summary>
public sealed class WalVerifierSpecs : IWalRecordVisitor
{
    private readonly MemoryDisk _disk = new();
    private readonly List<Lsn> _seen = [];

    [Fact]
    public void Should_find_no_log_when_there_is_none() => Assert.IsType<WalVerdict.Absent>(Verify().Verdict);

    [Fact]
    public void Should_find_a_sound_log_and_hand_out_its_records()
    {
        var end = Fill(5);
        var report = Verify();
        Assert.Equal(new WalVerdict.Sound(end), report.Verdict);
        Assert.Equal((TestLog.Cluster, TestLog.Partition, TestLog.Geometry), (report.Log!.Cluster, report.Log.Partition, report.Log.Geometry));
        Assert.Equal([0L, 1L, 2L], report.Log.Segments);
        Assert.Equal(7, report.Records); // five writes, two pads
        Assert.Equal(7, _seen.Count);
    }

    [Fact]
    public void Should_hand_out_only_records_from_a_position_on()
    {
        Fill(5);
        var from = TestLog.Geometry.FirstPosition(1).Plus(8);
        var report = WalVerifier.Verify(TestLog.Directory, TestLog.MarkPath, _disk, from, this);
        Assert.IsType<WalVerdict.Sound>(report.Verdict);
        Assert.All(_seen, lsn => Assert.True(lsn >= from));
        Assert.Equal(3, _seen.Count); // the second write and the pad of segment 1, and the last write
    }

    [Fact]
    public void Should_find_a_torn_tail_above_the_mark()
    {
        var end = Fill(1);
        _disk.Corrupt(TestLog.SegmentPath(0), bytes => bytes[end.Value + 5] = 1);
        var torn = Assert.IsType<WalVerdict.TornTail>(Verify().Verdict);
        Assert.Equal((end, TestLog.SegmentPath(0), end.Value), (torn.End, torn.FilePath, torn.Offset));
        Assert.NotEmpty(torn.Reason);
    }

    [Fact]
    public void Should_find_damage_below_the_mark()
    {
        Fill(3);
        _disk.Corrupt(TestLog.SegmentPath(0), bytes => bytes[500] ^= 1);
        var damaged = Assert.IsType<WalVerdict.Damaged>(Verify().Verdict);
        Assert.Equal((TestLog.SegmentPath(0), 64L, new Lsn(64)), (damaged.FilePath, damaged.Offset, damaged.Lsn));
    }

    [Fact]
    public void Should_find_damage_when_every_segment_is_gone()
    {
        Fill(3);
        foreach (var name in _disk.ListFiles(TestLog.Directory))
            _disk.Delete(Path.Combine(TestLog.Directory, name));
        Assert.IsType<WalVerdict.Damaged>(Verify().Verdict);
    }

    [Fact]
    public void Should_report_a_payload_that_cannot_be_read()
    {
        using (var log = TestLog.Open(_disk))
            log.AppendAndFlush([9, 9, 9]);
        var newer = Assert.IsType<WalVerdict.Unsupported>(Verify().Verdict);
        Assert.Equal(new Lsn(64), newer.Lsn);
    }

    void IWalRecordVisitor.Visit(in WalRecord record) => _seen.Add(record.Start);

    private WalReport Verify()
    {
        var before = _disk.Dump();
        var faulty = new FaultyDisk(_disk);
        var report = WalVerifier.Verify(TestLog.Directory, TestLog.MarkPath, faulty, visitor: this);
        Assert.Equal(0, faulty.Calls);
        TestLog.AssertUnchanged(before, _disk);
        return report;
    }

    private Lsn Fill(int writes)
    {
        using var log = TestLog.Open(_disk);
        for (var i = 0; i < writes; i++)
            log.AppendAndFlush(Write(i));
        log.Log.WriteMark(log.Log.WrittenLsn);
        return log.Log.WrittenLsn;
    }

    // About 26 KB each, so that two fit a segment.
    private static byte[] Write(int seed)
    {
        var operations = Enumerable.Range(0, 1_000)
            .Select(i => new MarkOperation(
                OperationKind.Mark, NamespaceId.Default, new UserId(Ids.Max - i), new ChannelId(Ids.Max - seed), new MessageRange(1L << 43, 1L << 43)))
            .ToArray();
        var bytes = new byte[MarksPayload.SizeOf(default, operations)];
        MarksPayload.Write(bytes, default, 0, operations);
        return bytes;
    }
}
