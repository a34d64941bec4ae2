using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class ShippedSpecs
{
    private static readonly WalOptions WithTail = TestLog.Options with { TailBytes = 32 * 1024 };

    private readonly MemoryDisk _leaderDisk = new();
    private readonly MemoryDisk _followerDisk = new();

    [Theory]
    [InlineData(true, 4096)]
    [InlineData(false, 4096)]
    [InlineData(true, LogReader.MaxReadBytes)]
    [InlineData(false, 1)]
    public void Should_hold_the_same_bytes_when_every_batch_was_shipped(bool fromMemory, int maxBytes)
    {
        using var leader = TestLog.Open(_leaderDisk, fromMemory ? TestLog.Options with { TailBytes = 1 << 20 } : TestLog.Options);
        Fill(leader, records: 300);
        using var follower = TestLog.Open(_followerDisk);
        Ship(leader, follower, maxBytes);
        follower.Log.Flush();
        Assert.Equal(leader.Log.WrittenLsn, follower.Log.WrittenLsn);
        Assert.Equal(leader.Log.LastEpoch, follower.Log.LastEpoch);
        Assert.Equal(leader.Log.Epochs.Entries, follower.Log.Epochs.Entries);
        using var leaderFound = TestLog.Open(_leaderDisk.AfterKill());
        using var followerFound = TestLog.Open(_followerDisk.AfterPowerCut(0));
        Assert.Equal(leaderFound.Records, followerFound.Records);
        Assert.Equal(leaderFound.Log.Epochs.Entries, followerFound.Log.Epochs.Entries);
        var last = TestLog.Geometry.SegmentIndex(leader.Log.WrittenLsn);
        for (var index = 0; index <= last; index++)
            Assert.Equal(_leaderDisk.Dump()[TestLog.SegmentPath(index)], _followerDisk.Dump()[TestLog.SegmentPath(index)]);
    }

    [Fact]
    public void Should_append_nothing_when_any_byte_was_flipped_on_the_way()
    {
        using var leader = TestLog.Open(_leaderDisk);
        leader.AppendAndFlush(TestLog.Payload(1, 30));
        leader.AppendAndFlush(TestLog.Payload(2, 17), epoch: 2);
        var range = ReadAll(leader)[0];
        using var follower = TestLog.Open(_followerDisk);
        var bytes = range.Bytes.ToArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x20;
            Assert.Equal(AppendOutcome.Refused, follower.Log.TryAppendShipped(range.Start, range.PreviousEpoch, bytes, out var end, out var verdict));
            Assert.True(verdict.Kind is ShippedVerdictKind.Damaged, $"byte {i}: {verdict}");
            Assert.NotEmpty(verdict.Reason);
            bytes[i] ^= 0x20;
            Assert.Equal((TestLog.Geometry.Origin, 0, Epoch.None), (end, follower.Log.PendingBytes, follower.Log.LastEpoch));
        }

        for (var length = 0; length < bytes.Length; length++)
        {
            var outcome = follower.Log.TryAppendShipped(range.Start, range.PreviousEpoch, bytes.AsSpan(0, length), out _, out _);
            if (outcome == AppendOutcome.Appended)
                Assert.Equal(56, length);
            else
                Assert.Equal(AppendOutcome.Refused, outcome);
            follower.Log.CutTo(TestLog.Geometry.Origin, Epoch.None);
        }
    }

    [Fact]
    public void Should_tell_a_gap_from_another_history()
    {
        using var leader = TestLog.Open(_leaderDisk);
        var first = leader.AppendAndFlush([1, 2, 3], epoch: 2);
        leader.AppendAndFlush([4, 5, 6], epoch: 3);
        using var reader = leader.Log.OpenReader();
        var second = Assert.IsType<LogReadResult.Range>(reader.Read(first.End, leader.Log.WrittenLsn, 100, 100));
        Assert.Equal(new Epoch(2), second.PreviousEpoch);
        using var follower = TestLog.Open(_followerDisk);
        follower.Log.TryAppendShipped(second.Start, second.PreviousEpoch, second.Bytes.Span, out _, out var verdict);
        Assert.Equal((ShippedVerdictKind.NotAtTheEnd, TestLog.Geometry.Origin), (verdict.Kind, verdict.Lsn));
        follower.AppendAndFlush([1, 2, 3], epoch: 1);
        Assert.Equal(first.End, follower.Log.AppendedLsn);
        follower.Log.TryAppendShipped(second.Start, second.PreviousEpoch, second.Bytes.Span, out _, out verdict);
        Assert.Equal((ShippedVerdictKind.OtherHistory, first.End), (verdict.Kind, verdict.Lsn));
    }

    [Fact]
    public void Should_refuse_bytes_that_are_sound_for_another_position()
    {
        using var leader = TestLog.Open(_leaderDisk);
        leader.AppendAndFlush([1, 2, 3]);
        leader.AppendAndFlush([1, 2, 3]);
        var bytes = ReadAll(leader)[0].Bytes.ToArray();
        using var follower = TestLog.Open(_followerDisk);
        var half = bytes.Length / 2;
        Assert.Equal(AppendOutcome.Refused, follower.Log.TryAppendShipped(TestLog.Geometry.Origin, Epoch.None, bytes.AsSpan(half), out _, out var verdict));
        Assert.Equal(ShippedVerdictKind.Damaged, verdict.Kind);
    }

    [Fact]
    public void Should_refuse_a_record_of_a_type_it_does_not_know()
    {
        var bytes = new byte[8 + 32];
        RecordCodec.Write(bytes, 8, TestLog.Geometry.Origin, new Epoch(1), (RecordType)9, 0, new byte[8]);
        using var follower = TestLog.Open(_followerDisk);
        follower.Log.TryAppendShipped(TestLog.Geometry.Origin, Epoch.None, bytes.AsSpan(8), out _, out var verdict);
        Assert.Equal(ShippedVerdictKind.Unsupported, verdict.Kind);
    }

    [Fact]
    public void Should_refuse_records_whose_epoch_goes_back()
    {
        var bytes = new byte[8 + 64];
        RecordCodec.Write(bytes, 8, TestLog.Geometry.Origin, new Epoch(2), RecordType.Marks, 0, new byte[8]);
        RecordCodec.Write(bytes, 40, TestLog.Geometry.Origin.Plus(32), new Epoch(1), RecordType.Marks, 0, new byte[8]);
        using var follower = TestLog.Open(_followerDisk);
        follower.Log.TryAppendShipped(TestLog.Geometry.Origin, Epoch.None, bytes.AsSpan(8), out _, out var verdict);
        Assert.Equal((ShippedVerdictKind.Damaged, TestLog.Geometry.Origin.Plus(32)), (verdict.Kind, verdict.Lsn));
    }

    [Fact]
    public void Should_refuse_a_batch_that_reaches_beyond_its_segment()
    {
        using var follower = TestLog.Open(_followerDisk);
        Assert.Equal(
            AppendOutcome.Refused,
            follower.Log.TryAppendShipped(TestLog.Geometry.Origin, Epoch.None, new byte[TestLog.SegmentBytes], out _, out var verdict));
        Assert.Equal(ShippedVerdictKind.Damaged, verdict.Kind);
    }

    [Fact]
    public void Should_allocate_nothing_when_batches_are_appended()
    {
        using var leader = TestLog.Open(_leaderDisk);
        for (var i = 0; i < 100; i++)
            leader.Append(TestLog.Payload(i, 100));
        leader.Log.Flush();
        var ranges = ReadAll(leader, 1024);
        using var follower = TestLog.Open(_followerDisk);
        var next = 0;

        Assert.Equal(0, Allocations.EachTime(ranges.Count, () =>
        {
            var range = ranges[next++];
            follower.Log.TryAppendShipped(range.Start, range.PreviousEpoch, range.Bytes.Span, out _, out _);
        }));
        Assert.Equal(leader.Log.AppendedLsn, follower.Log.AppendedLsn);
    }

    [Fact]
    public void Should_say_where_bytes_that_came_again_differ()
    {
        using var log = TestLog.Open(_leaderDisk, WithTail);
        var first = log.AppendAndFlush(TestLog.Payload(1, 500));
        log.AppendAndFlush(TestLog.Payload(2, 500));
        var flushed = log.Log.WrittenLsn;
        log.Append(TestLog.Payload(3, 500));
        var bytes = new byte[log.Log.AppendedLsn.BytesSince(TestLog.Geometry.Origin)];
        var durable = (int)flushed.BytesSince(TestLog.Geometry.Origin);
        _leaderDisk.Dump()[TestLog.SegmentPath(0)].AsSpan(64, durable).CopyTo(bytes);
        Assert.Equal(new LogComparison(LogComparisonKind.Differs, flushed), log.Log.Compare(TestLog.Geometry.Origin, bytes));
        log.Log.Flush();
        _leaderDisk.Dump()[TestLog.SegmentPath(0)].AsSpan(64, bytes.Length).CopyTo(bytes);
        Assert.Equal(LogComparisonKind.Equal, log.Log.Compare(TestLog.Geometry.Origin, bytes).Kind);
        bytes[600] ^= 1;
        Assert.Equal(new LogComparison(LogComparisonKind.Differs, TestLog.Geometry.Origin.Plus(600)), log.Log.Compare(TestLog.Geometry.Origin, bytes));
        Assert.Equal(LogComparisonKind.NotHere, log.Log.Compare(first.End, bytes).Kind);
    }

    [Fact]
    public void Should_call_repeated_bytes_sound_only_when_none_was_flipped_on_the_way()
    {
        using var log = TestLog.Open(_leaderDisk);
        log.AppendAndFlush(TestLog.Payload(1, 30));
        log.AppendAndFlush(TestLog.Payload(2, 17), epoch: 2);
        var range = ReadAll(log)[0];
        var bytes = range.Bytes.ToArray();
        Assert.True(log.Log.AreSound(range.Start, bytes));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x20;
            Assert.False(log.Log.AreSound(range.Start, bytes), $"byte {i}");
            bytes[i] ^= 0x20;
        }

        Assert.False(log.Log.AreSound(range.Start.Plus(LogGeometry.Align(1)), bytes));
        Assert.False(log.Log.AreSound(range.Start, bytes.AsSpan(0, bytes.Length - 1)));
        Assert.False(log.Log.AreSound(range.Start, new byte[TestLog.SegmentBytes]));
    }

    private static void Fill(TestLog log, int records)
    {
        var random = new Random(4);
        for (var i = 0; i < records; i++)
        {
            log.Append(TestLog.Payload(i, random.Next(8) == 0 ? random.Next(20_000) : random.Next(300)), epoch: 1 + (i / 50));
            if (i % 7 == 0)
                log.Log.Flush();
        }

        log.Log.Flush();
    }

    private static void Ship(TestLog leader, TestLog follower, int maxBytes)
    {
        foreach (var range in ReadAll(leader, maxBytes))
            Append(follower, range);
    }

    private static List<LogReadResult.Range> ReadAll(TestLog log, int maxBytes = LogReader.MaxReadBytes)
    {
        using var reader = log.Log.OpenReader();
        var found = new List<LogReadResult.Range>();
        for (var at = TestLog.Geometry.Origin; at < log.Log.WrittenLsn; at = found[^1].End)
        {
            var range = Assert.IsType<LogReadResult.Range>(reader.Read(at, log.Log.WrittenLsn, maxBytes, int.MaxValue));
            found.Add(range with { Bytes = range.Bytes.ToArray() });
        }

        return found;
    }

    private static void Append(TestLog follower, LogReadResult.Range range)
    {
        while (true)
        {
            var outcome = follower.Log.TryAppendShipped(range.Start, range.PreviousEpoch, range.Bytes.Span, out var end, out var verdict);
            if (outcome == AppendOutcome.Appended)
            {
                Assert.Equal(range.End, end);
                return;
            }

            Assert.True(outcome != AppendOutcome.Refused, verdict.ToString());
            follower.Log.Flush();
            if (outcome == AppendOutcome.NoSpace)
                follower.AddSpare();
        }
    }
}
