using Akka.Actor;
using Akka.TestKit;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Replication;
using BitArk.Cluster.Tests.Support;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Replication.Messages;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Tests.Log;

/// <summary>Durable bytes that cannot be read for now are neither damage nor the end of the node.</summary>
public sealed class ReadRetriesSpecs : ReplicaKit
{
    private const int TooManyOpenFiles = 24;
    private static readonly NodeId Follower = new("node2");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TestProbe _parent;
    private readonly Lsn _end;

    public ReadRetriesSpecs()
    {
        _parent = CreateTestProbe();
        Store.AppendEpochStart();
        _end = Store.AppendMarks(Words.Mark(1, 9));
    }

    [Fact]
    public async Task Should_ship_the_log_once_it_can_be_read_again()
    {
        var follower = CreateTestProbe();
        var replica = new OpenReplica(Store, CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), new PartitionReads(Store, CreateTestProbe(), Status));
        var replicator = await StartAsync(ReplicatorActor.Props(Status, Environment(), replica, Gates.Of(Follower, Store.Epoch), Follower, Store.Epoch), _parent);
        Disk.Fail("open", ScriptedDisk.Log, TooManyOpenFiles);
        replicator.Tell(
            new PullFrom(Environment().Directory.Meta.ClusterId, Status.Id, Store.Epoch, 1L << 32, Follower, Epoch.None, Store.Log.Geometry.Origin, IsDamaged: false), follower);
        await Eventually.HoldsAsync(() => Status.Wire.Counts.LogReadFailures >= 2, "it tries again");
        Disk.Before = null;

        await follower.FishForMessageAsync<ReplicateBatch>(batch => !batch.Bytes.IsEmpty && batch.Start.Plus(batch.Bytes.Length) == _end, Patience);
        while (_parent.HasMessages)
            Assert.IsType<ReplicatorProtocol.Shown>(await _parent.ReceiveOneAsync(Patience));
    }

    [Fact]
    public async Task Should_apply_what_is_committed_once_it_can_be_read_again()
    {
        var bitmap = await StartAsync(BitmapActor.Props(Status, Store, new BatchPool()), _parent);
        Disk.Fail("open", ScriptedDisk.Log, TooManyOpenFiles);
        bitmap.Tell(new BitmapProtocol.ApplyUpTo(_end));
        await Eventually.HoldsAsync(() => Status.Wire.Counts.LogReadFailures >= 2, "it tries again");
        Disk.Before = null;

        await Eventually.HoldsAsync(() => Store.State.LastAppliedLsn == _end, "it is applied");
        Assert.False(_parent.HasMessages);
    }

    [Fact]
    public async Task Should_apply_what_it_inherited_before_its_own_when_it_leads_and_can_read_again()
    {
        var bitmap = await StartAsync(BitmapActor.Props(Status, Store, new BatchPool()), _parent);
        var self = new NodeId("node1");
        bitmap.Tell(new BitmapProtocol.Lead(Store.Epoch, new ReplicaSet([self]), self, CommitRule.Quorum));
        Disk.Fail("open", ScriptedDisk.Log, TooManyOpenFiles);

        // What is in the log so far has no caller: as if another leader had written it.
        var begin = Status.Pool.Rent();
        begin.Begin(RecordType.EpochStart, new EpochStartPayload("node1").Write(begin.PayloadBuffer(EpochStartPayload.MaxSize)), operations: 0);
        begin.ChargedBytes = 0;
        begin.Appended(_end, _end.Plus(64));
        var (write, outcome) = NewWrite(Words.Mark(10, 12));
        write.Appended(_end.Plus(64), _end.Plus(128));
        bitmap.Tell(new WrittenBatch { Start = _end, End = _end.Plus(128), Writes = { begin, write } });
        await Eventually.HoldsAsync(() => Status.Wire.Counts.LogReadFailures >= 2, "it tries again");
        Assert.False(outcome.IsCompleted);
        Disk.Before = null;

        Assert.IsType<WriteOutcome.Committed>(await outcome.WaitAsync(Patience));
    }
}
