using Akka.Actor;
using Akka.TestKit;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Tests.Support;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Tests.Bitmap;

public sealed class BitmapActorSpecs : ReplicaKit
{
    private static readonly NodeId Self = new("node1");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TestProbe _parent;
    private Lsn _end;

    public BitmapActorSpecs()
    {
        _parent = CreateTestProbe();
        _end = Store.State.LastAppliedLsn;
    }

    [Fact]
    public async Task Should_publish_the_position_and_answer_when_a_batch_is_applied()
    {
        var bitmap = await StartAsync();
        var (batch, outcome) = Batch(Words.Mark(1, 9));
        bitmap.Tell(batch);

        var committed = Assert.IsType<WriteOutcome.Committed>(await outcome.WaitAsync(Patience));

        Assert.Equal((_end, Store.Epoch), (committed.Lsn, committed.Epoch));
        Assert.Equal(_end, Store.State.LastAppliedLsn);
        Assert.Equal(0, Status.Admission.PendingBytes);
    }

    [Fact]
    public async Task Should_move_over_a_pad_when_the_batch_ends_behind_its_last_record()
    {
        var bitmap = await StartAsync();
        var (batch, outcome) = Batch(Words.Mark(1, 9));
        batch.End = _end.Plus(4096);
        bitmap.Tell(batch);
        await outcome.WaitAsync(Patience);
        await Eventually.HoldsAsync(() => Store.State.LastAppliedLsn == _end.Plus(4096), "the pad is applied");
    }

    [Fact]
    public async Task Should_answer_a_read_that_was_overtaken()
    {
        var bitmap = await StartAsync();
        var read = new OvertakenRead<Lsn>(state => state.LastAppliedLsn);
        bitmap.Tell(read);
        Assert.Equal(_end, await read.Task.WaitAsync(Patience));

        var failing = new OvertakenRead<int>(_ => throw new InvalidDataException("mine"));
        bitmap.Tell(failing);
        await Assert.ThrowsAsync<InvalidDataException>(() => failing.Task.WaitAsync(Patience));
        await _parent.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Should_acknowledge_nothing_more_when_a_batch_cannot_be_applied()
    {
        var bitmap = await StartAsync();
        var (backwards, outcome) = Batch(Words.Mark(1, 9));
        backwards.Writes[0].Appended(backwards.Start, Lsn.Zero);
        bitmap.Tell(backwards);
        var (next, later) = Batch(Words.Mark(10, 10));
        bitmap.Tell(next);

        Assert.IsType<WriteOutcome.OutcomeUnknown>(await outcome.WaitAsync(Patience));
        Assert.IsType<WriteOutcome.OutcomeUnknown>(await later.WaitAsync(Patience));
        await _parent.ExpectMsgAsync<PartitionProtocol.StorageFailed>();
        Assert.Equal(0, Status.Admission.PendingBytes);
    }

    [Fact]
    public async Task Should_answer_who_waits_for_a_majority_when_stopped_without_a_drain()
    {
        var bitmap = await StartAsync(BitmapActor.Props(Status, Store, new BatchPool()), _parent);
        bitmap.Tell(new BitmapProtocol.Lead(Store.Epoch, new ReplicaSet([Self, new NodeId("node2"), new NodeId("node3")]), Self, CommitRule.Quorum));
        bitmap.Tell(EpochStart());
        var (batch, outcome) = Batch(Words.Mark(1, 9));
        bitmap.Tell(batch);
        await bitmap.Ask<ActorIdentity>(new Identify(0), Patience);
        Assert.False(outcome.IsCompleted);

        Sys.Stop(bitmap);

        Assert.IsType<WriteOutcome.OutcomeUnknown>(await outcome.WaitAsync(Patience));
        Assert.Equal(0, Status.Admission.PendingBytes);
    }

    [Fact]
    public async Task Should_stay_to_answer_when_anything_else_fails()
    {
        var bitmap = await StartAsync();
        bitmap.Tell(new FailingRead());
        var (batch, outcome) = Batch(Words.Mark(1, 9));
        bitmap.Tell(batch);

        Assert.Contains("mine", Assert.IsType<WriteOutcome.OutcomeUnknown>(await outcome.WaitAsync(Patience)).Reason, StringComparison.Ordinal);
        Assert.Contains("mine", (await _parent.ExpectMsgAsync<PartitionProtocol.StorageFailed>()).Reason, StringComparison.Ordinal);
        Assert.Equal(0, Status.Admission.PendingBytes);
    }

    [Fact]
    public async Task Should_keep_its_memory_until_it_has_ended_when_the_replica_is_disposed_of_meanwhile()
    {
        var bitmap = await StartAsync();
        var (batch, outcome) = Batch(Words.Mark(1, 9));
        bitmap.Tell(batch);
        await outcome.WaitAsync(Patience);
        var gate = new Gate();
        var read = new OvertakenRead<bool>(state =>
        {
            gate.Pass();
            return state.Tables.Find(NamespaceId.Default)!.TryContains(Words.User, Words.Channel, 5, out var found) && found;
        });
        bitmap.Tell(read);
        await gate.Reached;

        Store.Dispose();
        Assert.False(Store.State.IsFreed);
        gate.Open();

        Assert.True(await read.Task.WaitAsync(Patience));
        Sys.Stop(bitmap);
        await Eventually.HoldsAsync(() => Store.State.IsFreed, "the last one who used it has freed it");
    }

    private sealed class FailingRead : BitmapProtocol.Overtaken
    {
        public override void Answer(PartitionState state) => throw new InvalidDataException("mine");

        public override void Fail(string reason)
        {
        }
    }

    private (WrittenBatch Batch, Task<WriteOutcome> Outcome) Batch(params MarkOperation[] operations)
    {
        var (write, outcome) = NewWrite(operations);
        return (Holding(write), outcome);
    }

    private async Task<IActorRef> StartAsync()
    {
        var bitmap = await StartAsync(BitmapActor.Props(Status, Store, new BatchPool()), _parent);
        bitmap.Tell(new BitmapProtocol.Lead(Store.Epoch, new ReplicaSet([Self]), Self, CommitRule.Quorum));
        bitmap.Tell(EpochStart());
        await _parent.ExpectMsgAsync<BitmapProtocol.EpochBegun>(Patience);
        return bitmap;
    }

    private WrittenBatch EpochStart()
    {
        var write = Status.Pool.Rent();
        write.Begin(RecordType.EpochStart, new EpochStartPayload("node1").Write(write.PayloadBuffer(EpochStartPayload.MaxSize)), operations: 0);
        write.ChargedBytes = 0;
        return Holding(write);
    }

    private WrittenBatch Holding(PendingWrite write)
    {
        var start = _end;
        _end = start.Plus(64);
        write.Appended(start, _end);
        return new WrittenBatch { Start = start, End = _end, Writes = { write } };
    }
}
