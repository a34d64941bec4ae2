using Akka.Actor;
using Akka.TestKit;
using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Replication;
using BitArk.Cluster.Tests.Support;
using BitArk.Replication;
using BitArk.Replication.Messages;
using BitArk.Replication.Sync;
using BitArk.Storage.Replica;
using Microsoft.Extensions.Time.Testing;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>The snapshot that a leader offers: which, and for how long it is kept.</summary>
public sealed class SnapshotOfferSpecs : ReplicaKit
{
    private static readonly NodeId Follower = new("node2");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly TestProbe _follower;
    private readonly TestProbe _snapshots;
    private readonly TestProbe _parent;
    private readonly Lsn _older;
    private readonly Lsn _newest;
    private long _nonce = 1L << 32;
    private IActorRef _replicator = ActorRefs.Nobody;

    public SnapshotOfferSpecs()
    {
        (_follower, _snapshots, _parent) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Store.AppendEpochStart();
        _older = SnapshotMore();
        _newest = SnapshotMore();
    }

    [Fact]
    public async Task Should_offer_the_older_one_when_the_newest_has_rotted_and_was_fetched_whole()
    {
        await StartAsync();
        Assert.Equal(_newest, await OfferAsync());
        Rot(_newest);

        // A break is no reason to doubt it.
        Hear(0.5);
        Assert.Equal(_newest, await OfferAsync());
        Hear(1);
        Assert.Equal(_older, await OfferAsync());
        Assert.Equal([_older], Store.Snapshots.Kept);
    }

    [Fact]
    public async Task Should_ask_for_a_new_one_when_all_have_rotted()
    {
        await StartAsync();
        Assert.Equal(_newest, await OfferAsync());
        Rot(_newest);
        Rot(_older);
        Hear(1);
        await PullUntilAsync(() => _snapshots.HasMessages);
        var take = await _snapshots.ExpectMsgAsync<SnapshotProtocol.Take>(Patience);

        var anew = Store.Snapshot();
        take.Answer.SetResult(new SnapshotOutcome.Written(anew, 1, 1));
        Assert.Equal(anew, await OfferAsync());
    }

    [Fact]
    public async Task Should_offer_the_same_again_when_it_is_sound()
    {
        await StartAsync();
        Assert.Equal(_newest, await OfferAsync());
        Hear(1);
        Assert.Equal(_newest, await OfferAsync());
        Assert.Equal([_newest, _older], Store.Snapshots.Kept);
    }

    [Fact]
    public async Task Should_keep_it_as_long_as_the_transfer_moves_and_let_it_go_when_it_stands_still()
    {
        await StartAsync();
        Assert.Equal(_newest, await OfferAsync());
        SnapshotMore();
        SnapshotMore();
        Assert.DoesNotContain(_newest, Store.Snapshots.Kept);
        for (var i = 1; i <= 5; i++)
        {
            Hear(i / 10.0);
            await SyncAsync();
            _time.Advance(PinPatience.WhileFetching - TimeSpan.FromSeconds(1));
            await SyncAsync();
            Assert.True(IsThere(_newest), $"it moved {i} times");
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.HoldsAsync(() => !IsThere(_newest), "a transfer that stands still keeps nothing");
    }

    [Fact]
    public async Task Should_keep_it_behind_the_transfer_until_the_follower_has_the_log_since_then()
    {
        await StartAsync();
        Assert.Equal(_newest, await OfferAsync());
        SnapshotMore();
        AppendMoreThanAWindow();
        SnapshotMore();
        Assert.DoesNotContain(_newest, Store.Snapshots.Kept);

        PullSoundFrom(_newest);
        await SyncAsync();
        Assert.True(IsThere(_newest), "it still lacks more than a send window");

        Ack(Store.Log.WrittenLsn);
        await Eventually.HoldsAsync(
            () =>
            {
                _replicator.Tell(ReplicatorProtocol.Tick.Instance);
                return !IsThere(_newest);
            },
            "a follower that has caught up needs it no more");
    }

    [Fact]
    public async Task Should_let_it_go_when_the_follower_does_not_come_nearer()
    {
        await StartAsync();
        Assert.Equal(_newest, await OfferAsync());
        SnapshotMore();
        AppendMoreThanAWindow();
        SnapshotMore();
        PullSoundFrom(_newest);
        await SyncAsync();

        _time.Advance(PinPatience.WhileFetching + TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(() => !IsThere(_newest), "one that the log outruns is left to the bounds of its lag");
    }

    [Fact]
    public async Task Should_offer_a_snapshot_instead_of_log_that_has_rotted_before_it()
    {
        await StartAsync();
        var epochStart = Store.Log.Geometry.Origin;
        FlipOne(FirstSegment, 64 + (_older.Value - epochStart.Value) + 20);

        PullSoundFrom(_older);

        // Told to ask again, it is not given what cannot be read.
        await _follower.FishForMessageAsync<WrongEpoch>(_ => true, Patience);
        PullSoundFrom(_older);
        Assert.Equal(_newest, (await _follower.FishForMessageAsync<NeedFullSync>(_ => true, Patience)).SnapshotLsn);
        while (_parent.HasMessages)
            Assert.IsNotType<PartitionProtocol.StorageFailed>(await _parent.ReceiveOneAsync(Patience));
    }

    /// <summary>The snapshot that was shipped is of no use where the log behind it cannot be read: offered again, it would be fetched again, for ever.</summary>
    [Fact]
    public async Task Should_offer_a_newer_snapshot_when_the_log_behind_the_one_that_was_shipped_has_rotted()
    {
        await StartAsync();
        Assert.Equal(_newest, await OfferAsync());
        AppendMoreThanAWindow();
        var newer = SnapshotMore();
        FlipOne(FirstSegment, 64 + (_newest.Value - Store.Log.Geometry.Origin.Value) + 20);

        PullSoundFrom(_newest);
        await _follower.FishForMessageAsync<WrongEpoch>(_ => true, Patience);
        PullSoundFrom(_newest);

        Assert.Equal(newer, (await _follower.FishForMessageAsync<NeedFullSync>(_ => true, Patience)).SnapshotLsn);
    }

    [Fact]
    public async Task Should_let_it_go_when_the_follower_asks_again_and_again_without_coming_nearer()
    {
        await StartAsync();
        Assert.Equal(_newest, await OfferAsync());
        Hear(1);
        SnapshotMore();
        AppendMoreThanAWindow();
        SnapshotMore();
        PullSoundFrom(_newest);
        await SyncAsync();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(PinPatience.WhileFetching - TimeSpan.FromSeconds(10));
            PullSoundFrom(_newest, run: 2 + i);
            await SyncAsync();
        }

        await Eventually.HoldsAsync(() => !IsThere(_newest), "asking is no progress");
    }

    [Fact]
    public async Task Should_end_when_what_has_rotted_is_needed_here()
    {
        Store.AppendMarks(Words.Mark(1, 1));
        await StartAsync();
        FlipOne(FirstSegment, 64 + (_newest.Value - Store.Log.Geometry.Origin.Value) + 20);

        PullSoundFrom(_newest);

        await _parent.FishForMessageAsync<PartitionProtocol.StorageFailed>(_ => true, Patience);
    }

    /// <summary>Of two questions that came in the wrong order the later one was of a process that is gone: batches went to it for the rest of the epoch.</summary>
    [Fact]
    public async Task Should_send_to_who_acks_when_a_question_of_its_run_before_came_late()
    {
        await StartAsync();
        var gone = CreateTestProbe();
        PullSoundFrom(Store.Log.WrittenLsn);
        await _follower.FishForMessageAsync<StreamFrom>(_ => true, Patience);
        PullSoundFrom(Store.Log.WrittenLsn, run: 2, gone);
        await gone.FishForMessageAsync<StreamFrom>(_ => true, Patience);

        Ack(Store.Log.WrittenLsn);
        var end = Store.Log.WrittenLsn;
        Store.AppendMarks(Words.Mark(1, 1));

        Assert.Equal(end, (await _follower.FishForMessageAsync<ReplicateBatch>(batch => !batch.Bytes.IsEmpty, Patience)).Start);
    }

    private async Task StartAsync()
    {
        var replica = new OpenReplica(Store, CreateTestProbe(), CreateTestProbe(), _snapshots, new PartitionReads(Store, CreateTestProbe(), Status));
        _replicator = await StartAsync(ReplicatorActor.Props(Status, Environment() with { Time = _time }, replica, Gates.Of(Follower, Store.Epoch), Follower, Store.Epoch), _parent);
    }

    private ClusterId Cluster => Environment().Directory.Meta.ClusterId;

    private protected override string Extra => "bitark.replication.send-window-bytes = 64 KiB";

    private void PullSoundFrom(Lsn end, long run = 1, IActorRef? from = null) => _replicator.Tell(
        new PullFrom(Cluster, Status.Id, Store.Epoch, (run << 32) + ++_nonce, Follower, Store.Epoch, end, IsDamaged: false), from ?? _follower);

    private void Ack(Lsn matched) => _replicator.Tell(
        new Ack(Cluster, Status.Id, Store.Epoch, Follower, matched, matched, 0, Lsn.Zero, Lsn.Zero, -1, IsDamaged: false, IsLearner: false), _follower);

    private void Pull()
    {
        _nonce++;
        _replicator.Tell(new PullFrom(Cluster, Status.Id, Store.Epoch, _nonce, Follower, Epoch.None, Lsn.Zero, IsDamaged: true), _follower);
    }

    private async Task PullUntilAsync(Func<bool> isAnswered)
    {
        var asked = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                if (asked++ % 10 == 0)
                    Pull();
                return isAnswered();
            },
            "the leader answers");
    }

    // It asks until it is answered: while a file is read again it is not.
    private async Task<Lsn> OfferAsync()
    {
        await PullUntilAsync(() => _follower.HasMessages);
        await SyncAsync();
        NeedFullSync? last = null;
        while (_follower.HasMessages)
            last = await _follower.ReceiveOneAsync(Patience) as NeedFullSync ?? last;
        return last!.SnapshotLsn;
    }

    private void Hear(double progress) => _replicator.Tell(
        new Ack(Cluster, Status.Id, Store.Epoch, Follower, null, Lsn.Zero, 0, Lsn.Zero, Lsn.Zero, progress, IsDamaged: true, IsLearner: false), _follower);

    // Everything in front of it is handled, and at least one tick behind it.
    private async Task SyncAsync()
    {
        _replicator.Tell(ReplicatorProtocol.Tick.Instance);
        await _replicator.Ask<ActorIdentity>(new Identify(0), Patience);
    }

    private Lsn SnapshotMore()
    {
        Store.AppendMarks(Words.Mark(Store.Log.WrittenLsn.Value, Store.Log.WrittenLsn.Value));
        return Store.Snapshot();
    }

    private void AppendMoreThanAWindow()
    {
        for (var i = 0; i < 150; i++)
            Store.AppendMarks([.. Enumerable.Range(0, 300).Select(j => Words.Mark((i * 1000) + (2 * j), (i * 1000) + (2 * j), user: 100 + i))]);
    }

    private bool IsThere(Lsn snapshot) => File.Exists(PathOf(snapshot));

    private string FirstSegment => Directory.GetFiles(Environment().Directory.Layout.Partition(Status.Id).WalPath, "*.wal").Order().First();

    private string PathOf(Lsn snapshot) => Environment().Directory.Layout.Partition(Status.Id).SnapshotPath(snapshot);

    private void Rot(Lsn snapshot) => FlipOne(PathOf(snapshot), new FileInfo(PathOf(snapshot)).Length / 2);

    private static void FlipOne(string path, long at)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        Span<byte> one = stackalloc byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= 1;
        RandomAccess.Write(file, one, at);
    }
}
