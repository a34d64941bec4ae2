using Akka.Actor;
using Akka.TestKit;
using BitArk.Cluster.Log;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Tests.Support;
using BitArk.Cluster.Writes;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Storage.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Tests.Log;

public sealed class WalActorSpecs : ReplicaKit
{
    private readonly TestProbe _bitmap;
    private readonly TestProbe _parent;

    public WalActorSpecs() => (_bitmap, _parent) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public async Task Should_begin_the_epoch_before_any_write_and_keep_the_order_of_arrival()
    {
        var wal = await StartAsync();
        var begin = await _bitmap.ExpectMsgAsync<WrittenBatch>();
        Assert.Equal(RecordType.EpochStart, Assert.Single(begin.Writes).Type);
        Assert.Equal(Store.Epoch, Store.Log.LastEpoch);

        var writes = Enumerable.Range(1, 50).Select(i => NewWrite(Words.Mark(i, i)).Write).ToArray();
        foreach (var write in writes)
            wal.Tell(write);

        var committed = new List<PendingWrite>();
        while (committed.Count < writes.Length)
            committed.AddRange((await _bitmap.ExpectMsgAsync<WrittenBatch>()).Writes);

        Assert.Equal(writes, committed);
        Assert.Equal(Store.Log.WrittenLsn, committed[^1].End);
        for (var i = 1; i < committed.Count; i++)
            Assert.Equal(committed[i - 1].End, committed[i].Start);
    }

    [Fact]
    public async Task Should_hand_over_nothing_when_the_sync_failed()
    {
        var wal = await StartAsync();
        await _bitmap.ExpectMsgAsync<WrittenBatch>();
        Disk.Fail("fdatasync", ScriptedDisk.Log);
        var (write, outcome) = NewWrite(Words.Mark(1, 1));
        wal.Tell(write);

        Assert.IsType<WriteOutcome.OutcomeUnknown>(await outcome.WaitAsync(TimeSpan.FromSeconds(10)));
        await _parent.ExpectMsgAsync<PartitionProtocol.StorageFailed>();
        await _bitmap.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal(0, Status.Admission.PendingBytes);
    }

    [Fact]
    public async Task Should_ignore_completions_of_another_attempt()
    {
        var wal = await StartAsync();
        await _bitmap.ExpectMsgAsync<WrittenBatch>();

        wal.Tell(new WalProtocol.TidyFailed(Attempt: -1, new IOException("late")));
        wal.Tell(new WalProtocol.SpareFailed(Attempt: -1, new IOException("late")));
        wal.Tell(new WalProtocol.Tidied(Attempt: -1, FreeBytes: -5));
        var (write, _) = NewWrite(Words.Mark(1, 1));
        wal.Tell(write);

        Assert.Equal([write], (await _bitmap.ExpectMsgAsync<WrittenBatch>()).Writes);
        Assert.Null(Status.DiskLow);
        await _parent.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Should_try_again_when_there_was_no_descriptor_for_a_segment()
    {
        const int tooManyOpenFiles = 24;
        Disk.Fail("open", ScriptedDisk.Log, tooManyOpenFiles);
        var wal = await StartAsync();
        await _bitmap.ExpectMsgAsync<WrittenBatch>();
        await Eventually.HoldsAsync(() => Status.DiskLow is not null, "marks are refused");

        Disk.Before = null;

        await Eventually.HoldsAsync(() => Status.DiskLow is null, "the segment is made");
        var (write, _) = NewWrite(Words.Mark(1, 1));
        wal.Tell(write);
        Assert.Equal([write], (await _bitmap.ExpectMsgAsync<WrittenBatch>()).Writes);
        await _parent.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Should_flush_then_refuse_when_closed()
    {
        var wal = await StartAsync();
        await _bitmap.ExpectMsgAsync<WrittenBatch>();
        var (last, _) = NewWrite(Words.Mark(1, 1));
        wal.Tell(last);
        wal.Tell(new WalProtocol.Close(), _parent);
        var (late, outcome) = NewWrite(Words.Mark(2, 2));
        wal.Tell(late);

        Assert.Equal([last], (await _bitmap.ExpectMsgAsync<WrittenBatch>()).Writes);
        var closed = await _parent.ExpectMsgAsync<WalProtocol.Closed>(TimeSpan.FromSeconds(10));
        Assert.Equal(last.End, closed.WrittenLsn);
        Assert.Equal(closed.WrittenLsn, Store.Log.Mark.State.DurableLsn);
        Assert.IsType<WriteOutcome.NoLeader>(await outcome.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Should_end_each_write_once_when_the_flush_fails_while_those_who_waited_are_appended()
    {
        var (wal, outcome, segment) = await StartWithOneWaitingAsync();
        Disk.Fail("fdatasync", ScriptedDisk.Log);
        segment.Open();

        Assert.IsType<WriteOutcome.StorageFailed>(await outcome.WaitAsync(TimeSpan.FromSeconds(10)));
        await wal.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10));
        Assert.Equal(0, Status.Admission.PendingBytes);
    }

    [Fact]
    public async Task Should_answer_who_waits_when_stopped_without_a_close()
    {
        // The segment fails in the end, so that no file appears while the directory is deleted.
        var (wal, outcome, segment) = await StartWithOneWaitingAsync(segmentFails: true);
        Sys.Stop(wal);

        Assert.IsType<WriteOutcome.StorageFailed>(await outcome.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, Status.Admission.PendingBytes);
        segment.Open();
    }

    [Fact]
    public async Task Should_write_the_durable_mark_on_no_thread_of_the_pool()
    {
        var isOfPool = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Disk.Before = (_, path) =>
        {
            if (path.Contains("durable.mark", StringComparison.Ordinal))
                isOfPool.TrySetResult(Thread.CurrentThread.IsThreadPoolThread);
        };
        var wal = await StartAsync();
        await _bitmap.ExpectMsgAsync<WrittenBatch>();
        wal.Tell(WalProtocol.Tick.Instance);

        Assert.False(await isOfPool.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Should_look_at_an_idle_log_only_now_and_then()
    {
        const int ticks = 40;
        var looks = 0;
        var wal = await StartAsync(() =>
        {
            Interlocked.Increment(ref looks);
            return long.MaxValue;
        });
        await _bitmap.ExpectMsgAsync<WrittenBatch>();
        await Eventually.HoldsAsync(() => Store.Log.Mark.State.DurableLsn == Store.Log.WrittenLsn, "everything is marked");
        var before = Volatile.Read(ref looks);
        for (var i = 0; i < ticks; i++)
        {
            // A look that the tick has begun has time to end before the next tick.
            wal.Tell(WalProtocol.Tick.Instance);
            for (var turn = 0; turn < 5; turn++)
                await wal.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(60));
        }

        Assert.InRange(Volatile.Read(ref looks) - before, 1, ticks / 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_call_a_log_diverged_only_for_bytes_that_arrived_as_they_were_written(bool isFlipped)
    {
        var start = Store.Log.AppendedLsn;
        var batch = Written([1, 2, 3, 4]);
        Store.Log.CutTo(start, Store.Log.Epochs.Before(start));
        _ = Written([1, 2, 9, 4]);
        var bytes = batch.Bytes.ToArray();
        if (isFlipped)
            bytes[^6] ^= 1;
        var wal = await StartAsync(WalActor.Props(Status, new WalAccess(Store.Log, Store.Epoch, () => long.MaxValue), _bitmap, new BatchPool()), _parent);

        var decided = await wal.Ask<WalProtocol.ShippedDecided>(
            new WalProtocol.AppendShipped(batch with { Bytes = bytes }, IsStreaming: true, ActorRefs.Nobody), TimeSpan.FromSeconds(10));

        if (isFlipped)
            Assert.Equal(Store.Log.AppendedLsn, Assert.IsType<ReceiveDecision.Corrupt>(decided.Decision).Expected);
        else
            Assert.InRange(Assert.IsType<ReceiveDecision.Diverged>(decided.Decision).Lsn.Value, start.Value, Store.Log.AppendedLsn.Value);
    }

    // What is damaged in front of the cut is repaired by a full sync; the process has nothing to end for.
    [Fact]
    public async Task Should_report_damage_and_go_on_when_the_log_is_damaged_in_front_of_a_cut()
    {
        _ = Written([1, 2, 3, 4]);
        var cut = Store.Log.WrittenLsn;
        _ = Written([5, 6, 7, 8]);
        Rot(cut.Value - 8);
        var wal = await StartAsync(WalActor.Props(Status, new WalAccess(Store.Log, Store.Epoch, () => long.MaxValue), _bitmap, new BatchPool()), _parent);

        wal.Tell(new WalProtocol.Truncate(Store.Epoch, cut), TestActor);

        Assert.Contains("damaged", (await _parent.ExpectMsgAsync<PartitionProtocol.FoundDamage>(TimeSpan.FromSeconds(10))).Reason, StringComparison.Ordinal);
        wal.Tell(new WalProtocol.Close(), TestActor);
        await ExpectMsgAsync<WalProtocol.Closed>(TimeSpan.FromSeconds(10));
        Assert.True(Store.Log.WrittenLsn > cut);
    }

    // One record, durable, as a leader would ship it.
    private ReplicateBatch Written(byte[] payload)
    {
        Assert.Equal(AppendOutcome.Appended, Store.Log.TryAppend(Store.Epoch, RecordType.Marks, flags: 0, payload, out var start, out _));
        Store.Log.Flush();
        using var reader = Store.Log.OpenReader();
        var range = Assert.IsType<LogReadResult.Range>(reader.Read(start, Store.Log.WrittenLsn, 4096, 4096));
        return new ReplicateBatch(default, Status.Id, Store.Epoch, start, range.PreviousEpoch, start, start, range.Bytes.ToArray());
    }

    // One bit of what is durable.
    private void Rot(long lsn)
    {
        var segment = LogGeometry.SegmentName(Store.Log.Geometry.SegmentIndex(new Lsn(lsn)));
        var path = Assert.Single(Directory.GetFiles(Settings.DataDirectory, segment, SearchOption.AllDirectories));
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = Store.Log.Geometry.SegmentOffset(new Lsn(lsn));
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }

    // One write waits for a segment that is not made before the gate is opened.
    private async Task<(IActorRef Wal, Task<WriteOutcome> Outcome, Gate Segment)> StartWithOneWaitingAsync(bool segmentFails = false)
    {
        var gate = new Gate();
        Disk.Before = (operation, path) =>
        {
            if (operation != "open" || !path.EndsWith(".tmp", StringComparison.Ordinal))
                return;

            gate.Pass();
            if (segmentFails)
                throw new DiskException(operation, path, errno: 5, "Input/output error");
        };
        var wal = await StartAsync();
        await _bitmap.ExpectMsgAsync<WrittenBatch>(TimeSpan.FromSeconds(10));
        foreach (var (write, _) in new[] { NewHalfSegment(), NewHalfSegment() })
        {
            wal.Tell(write);
            Status.Admission.Leave(Assert.Single((await _bitmap.ExpectMsgAsync<WrittenBatch>(TimeSpan.FromSeconds(10))).Writes).ChargedBytes);
        }

        var (waiting, outcome) = NewHalfSegment();
        wal.Tell(waiting);
        await wal.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10));
        Assert.False(outcome.IsCompleted);
        return (wal, outcome, gate);
    }

    private (PendingWrite Write, Task<WriteOutcome> Outcome) NewHalfSegment() =>
        NewWrite([.. Enumerable.Range(0, 1400).Select(i => Words.Mark((1L << 60) + (2 * i), (1L << 60) + (2 * i), user: 1L << 60))]);

    private Task<IActorRef> StartAsync() => StartAsync(() => long.MaxValue);

    private async Task<IActorRef> StartAsync(Func<long> freeBytes)
    {
        var wal = await StartAsync(WalActor.Props(Status, new WalAccess(Store.Log, Store.Epoch, freeBytes), _bitmap, new BatchPool()), _parent);
        wal.Tell(new WalProtocol.Lead(Store.Epoch));
        return wal;
    }
}
