using Akka.Actor;
using Akka.TestKit;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Log;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Replication;
using BitArk.Cluster.Tests.Support;
using BitArk.Replication;
using BitArk.Replication.Messages;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>The order to cut, between the follower, its log and its memory.</summary>
public sealed class FollowerCutSpecs : ReplicaKit
{
    private static readonly NodeId LeaderName = new("node1");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TestProbe _leader;
    private readonly TestProbe _wal;
    private readonly TestProbe _bitmap;
    private readonly Lsn _keep;
    private readonly Lsn _end;

    public FollowerCutSpecs()
    {
        (_leader, _wal, _bitmap) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Store.AppendEpochStart();
        _keep = Store.AppendMarks(Words.Mark(1, 1));
        _end = Store.AppendMarks(Words.Mark(2, 9));
    }

    [Fact]
    public async Task Should_cut_only_when_memory_has_said_that_it_stays_below()
    {
        var follower = await FollowAsync(Epoch(5));
        var pull = await PullAsync();
        follower.Tell(CutTo(pull), _leader);

        var hold = await HoldAsync();
        Assert.Equal(_keep, hold.To);
        await _wal.ExpectNoMsgAsync(TimeSpan.Zero);
        follower.Tell(new BitmapProtocol.Held(hold.Nonce - 1, Store.State.LastAppliedLsn), _bitmap);
        await follower.Ask<ActorIdentity>(new Identify(0), Patience);
        await _wal.ExpectNoMsgAsync(TimeSpan.Zero);

        follower.Tell(new BitmapProtocol.Held(hold.Nonce, Store.State.LastAppliedLsn), _bitmap);
        Assert.Equal(new WalProtocol.Truncate(Epoch(5), _keep), await _wal.ExpectMsgAsync<WalProtocol.Truncate>(Patience));
    }

    [Fact]
    public async Task Should_ask_for_a_snapshot_when_memory_went_beyond_the_cut_meanwhile()
    {
        var follower = await FollowAsync(Epoch(5));
        follower.Tell(CutTo(await PullAsync()), _leader);
        follower.Tell(new BitmapProtocol.Held((await HoldAsync()).Nonce, _end), _bitmap);

        Assert.True((await PullAsync(pull => pull.IsDamaged)).IsDamaged);
        await _wal.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Should_take_nothing_for_committed_that_came_in_the_place_of_what_was_cut()
    {
        // Under the commit rule of the leader alone the one before has committed all of it.
        var follower = await FollowAsync(Epoch(4));
        follower.Tell(new Heartbeat(Cluster, Status.Id, Epoch(4), 1, LeaderName, _end, _end, Lsn.Zero, TimeSpan.Zero), _leader);
        follower.Tell(new StreamFrom(Cluster, Status.Id, Epoch(4), (await PullAsync()).Nonce, _end, _end), _leader);
        await _bitmap.FishForMessageAsync<BitmapProtocol.ApplyUpTo>(apply => apply.CommitLsn == _end, Patience);
        Status.CommitLsn = _end;

        follower.Tell(new FollowerProtocol.NewTerm(Epoch(5), LeaderName, _end), ActorRefs.NoSender);
        follower.Tell(CutTo(await PullAsync(pull => pull.Epoch == Epoch(5))), _leader);
        follower.Tell(new BitmapProtocol.Held((await HoldAsync()).Nonce, Store.State.LastAppliedLsn), _bitmap);
        await _wal.ExpectMsgAsync<WalProtocol.Truncate>(Patience);
        follower.Tell(new WalProtocol.Truncated(Epoch(5), _keep), _wal);
        follower.Tell(new StreamFrom(Cluster, Status.Id, Epoch(5), (await PullAsync(pull => pull.WrittenLsn == _keep)).Nonce, _keep, _end), _leader);
        follower.Tell(new WalProtocol.ShippedWritten(Epoch(5), _end), _wal);

        await _leader.FishForMessageAsync<Ack>(ack => ack.Epoch == Epoch(5) && ack.MatchedLsn == _end, Patience);
        while (_bitmap.HasMessages)
            Assert.Equal(new BitmapProtocol.ApplyUpTo(_keep), await _bitmap.ReceiveOneAsync(Patience));
        Assert.Equal(_keep, Status.CommitLsn);
    }

    private protected override string Extra => "bitark.commit-rule = leader";

    private ClusterId Cluster => Environment().Directory.Meta.ClusterId;

    private static Epoch Epoch(long value) => new(value);

    private TruncateTo CutTo(PullFrom pull) => new(Cluster, Status.Id, pull.Epoch, pull.Nonce, _keep, Store.Epoch);

    private async Task<PullFrom> PullAsync(Predicate<PullFrom>? which = null) => await _leader.FishForMessageAsync<PullFrom>(pull => which?.Invoke(pull) ?? true, Patience);

    private async Task<BitmapProtocol.HoldAt> HoldAsync() => await _bitmap.FishForMessageAsync<BitmapProtocol.HoldAt>(_ => true, Patience);

    private async Task<IActorRef> FollowAsync(Epoch epoch)
    {
        var replica = new OpenReplica(Store, _wal, _bitmap, CreateTestProbe(), new PartitionReads(Store, _bitmap, Status));
        var environment = Environment() with { Routes = new OneRoute(_leader) };
        var follower = await StartAsync(FollowerActor.Props(Status, environment, replica, epoch), CreateTestProbe());
        follower.Tell(new FollowerProtocol.NewTerm(epoch, LeaderName, _end), ActorRefs.NoSender);
        return follower;
    }

    private sealed class OneRoute(ICanTell leader) : IReplicaRoutes
    {
        public ICanTell? PartitionAt(NodeId node, PartitionId partition) => leader;
    }
}
