using BitArk.Cluster.Tests.Support;
using BitArk.Replication.Messages;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>Two of three copies are lost, and an operator makes the third the truth.</summary>
public sealed class AcceptedLossSpecs : ReplicaTrio
{
    private static readonly PartitionId Partition = new(0);

    private TrioNode Third => Nodes[2];

    [Fact]
    public async Task Should_serve_nothing_as_if_whole_when_two_were_lost_and_all_of_the_third_when_its_operator_accepts_that()
    {
        var (digest, epoch) = await WrittenAndStoppedAsync();
        Lose(Nodes[0], Nodes[1]);
        await StartAsync([.. Nodes]);
        await Eventually.HoldsAsync(
            () => Third.Status.Phase is PartitionPhase.Following && Nodes.Take(2).All(node => node.Status.Phase is PartitionPhase.Learning), "one has a vote, two have none");
        Assert.IsType<WriteOutcome.NoLeader>(await WriteBrieflyAsync(Third));
        await Assert.ThrowsAsync<ReadRefusedException>(() => ReadByLeaderAsync(Third));
        Assert.True(await Third.Partition.IsReadAsync(9));
        await StopAllAsync();

        var accepted = Recover(Third);
        await StartAsync([.. Nodes]);
        await ServingAsync();
        Assert.Same(Third, Leader);
        Assert.True(Third.Store.Epoch > accepted && accepted.Value >= epoch.Value + AcceptedLoss.EpochJump, $"{Third.Store.Epoch} after {accepted} after {epoch}");
        Assert.Equal(digest, Third.Store.State.Digest());

        await Leader.Partition.CommitAsync(Words.Mark(20, 29));
        await AllVoteAsync();
        await CaughtUpAsync([.. Nodes]);
        Assert.True(await ReadByLeaderAsync(Leader));
        Assert.Single(Nodes.Select(node => node.Store.State.Digest()).Distinct());
        Assert.False(File.Exists(FilesOf(Third).AcceptedLossPath));

        // A majority is one as ever: any one may go.
        await StopAsync(Third);
        await Eventually.HoldsAsync(() => Leader != Third && Leader.Status.Phase is PartitionPhase.Serving, "another one leads");
        await Leader.Partition.CommitAsync(Words.Mark(30, 39));
    }

    [Fact]
    public async Task Should_repair_the_others_from_the_recovered_copy_when_they_are_damaged()
    {
        await WrittenAndStoppedAsync();
        foreach (var node in Nodes.Take(2))
            Rot(node);
        Recover(Third);
        await StartAsync([.. Nodes]);
        await AllVoteAsync();
        await ServingAsync();
        await Leader.Partition.CommitAsync(Words.Mark(20, 29));
        await CaughtUpAsync([.. Nodes]);
        Assert.All(Nodes.Take(2), node => Assert.Equal(1, node.Status.Wire.Counts.FullSyncs));
        Assert.Single(Nodes.Select(node => node.Store.State.Digest()).Distinct());
    }

    [Fact]
    public async Task Should_take_no_writes_until_a_second_copy_is_there_and_need_no_third()
    {
        await WrittenAndStoppedAsync();
        Lose(Nodes[0], Nodes[1]);
        Recover(Third);
        await StartAsync(Third);
        await Eventually.HoldsAsync(() => Third.Status.Phase is PartitionPhase.Serving, "it leads alone");
        Assert.True(await Third.Partition.IsReadAsync(9));
        Assert.IsType<WriteOutcome.NoLeader>(await WriteBrieflyAsync(Third));
        await Assert.ThrowsAsync<ReadRefusedException>(() => ReadByLeaderAsync(Third));

        await StartAsync(Nodes[1]);
        await Third.Partition.UntilAsync<WriteOutcome.Committed>(Words.Mark(20, 29));
        await CaughtUpAsync(Nodes[1], Third);
        Assert.False(Nodes[1].Store.IsRejoining);
        await Eventually.HoldsAsync(() => Third.Store.AcceptedLoss is null, "the loss is over");
    }

    [Fact]
    public async Task Should_promise_nobody_else_while_it_is_alone()
    {
        await WrittenAndStoppedAsync();
        Lose(Nodes[0], Nodes[1]);
        Recover(Third);
        await StartAsync(Third);
        await Eventually.HoldsAsync(() => Third.Status.Phase is PartitionPhase.Serving, "it leads alone");
        var epoch = Third.Store.Epoch;
        var prepare = new Prepare(Third.Directory.Meta.ClusterId, Partition, epoch.Next(), Guid.NewGuid(), Nodes[1].Name);
        Third.Actor.Tell(prepare, TestActor);
        var refused = await ExpectMsgAsync<PrepareRefused>(TimeSpan.FromSeconds(10));
        Assert.Equal((epoch, true), (refused.Promised, refused.IsDamaged));
        Assert.IsType<PartitionPhase.Serving>(Third.Status.Phase);
    }

    // Two learners that voted could elect one of them without the copy that still leads by itself.
    [Fact]
    public async Task Should_let_in_no_second_learner_before_the_first_one_votes()
    {
        await WrittenAndStoppedAsync();
        Lose(Nodes[0], Nodes[1]);
        Recover(Third);
        await StartAsync(Third, Nodes[1]);
        var disk = Nodes[1].Disk.HoldSegmentSyncs();
        await Eventually.HoldsAsync(() => Third.Status.Phase is PartitionPhase.Serving && Third.Store.AcceptedLoss is { Admitted: [_] }, "one was let in");
        await StartAsync(Nodes[0]);
        await Eventually.HoldsAsync(() => Nodes[0].Status.Leadership.Leader == Third.Name, "the other one knows its leader");
        await Eventually.HoldsAsync(() => Third.Status.ReplicaViews.Any(view => view.Node == Nodes[0].Name && view.Status == BitArk.Replication.FollowerStatus.Alive), "it is heard");

        // Over a restart of the leader, too: whom it let in before may have come to vote since.
        var before = Third.Store.Epoch;
        await StopAsync(Third);
        await StartAsync(Third);
        await Eventually.HoldsAsync(() => Third.Status.Phase is PartitionPhase.Serving && Third.Store.Epoch > before, "it leads again, in an epoch of its own");
        await Eventually.HoldsAsync(() => Nodes[0].Status.Leadership == new Leadership(Third.Name, Third.Store.Epoch, IsLocal: false), "it has asked again");
        Assert.Equal([Nodes[1].Name], Third.Store.AcceptedLoss!.Admitted);
        Assert.Equal(Third.Store.Log.Geometry.Origin, Nodes[0].Store.Log.WrittenLsn);
        Assert.IsType<WriteOutcome.NoLeader>(await WriteBrieflyAsync(Third));

        disk.Open();
        await AllVoteAsync();
        await CaughtUpAsync([.. Nodes]);
        await Leader.Partition.CommitAsync(Words.Mark(20, 29));
    }

    [Fact]
    public async Task Should_lead_although_the_journal_of_its_promises_is_lost_when_the_loss_was_accepted()
    {
        await WrittenAndStoppedAsync();
        Lose(Nodes[0], Nodes[1]);
        Directory.Delete(Third.Directory.Layout.GuardsPath, recursive: true);
        Third.Journal = 2;
        Recover(Third);
        await StartAsync([.. Nodes]);
        await AllVoteAsync();
        await CaughtUpAsync([.. Nodes]);
        Assert.True(await Leader.Partition.IsReadAsync(9));
    }

    // The operator was wrong: the other two were there.
    [Fact]
    public async Task Should_be_one_of_several_again_when_another_one_leads_above_it()
    {
        await WrittenAndStoppedAsync();
        Recover(Third);
        Door = (_, to, message) => to == Third.Name && message is not Heartbeat ? null : message;
        Nodes[0].Journal = Nodes[1].Journal = 1;
        await StartAsync(Nodes[0], Nodes[1]);
        await Eventually.HoldsAsync(() => Leader.Status.Phase is PartitionPhase.Serving, "two lead on");
        var loss = AcceptedLossOf(Third);
        foreach (var node in Nodes.Take(2))
            node.Actor.Tell(new Prepare(node.Directory.Meta.ClusterId, Partition, new Epoch(loss.Epoch.Value + 1000), Guid.NewGuid(), node.Name), TestActor);
        await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
        await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => Leader.Status.Phase is PartitionPhase.Serving && Leader.Store.Epoch > new Epoch(loss.Epoch.Value + 1000), "one leads far above");
        await Leader.Partition.CommitAsync(Words.Mark(20, 29));

        Door = (_, _, message) => message;
        await StartAsync(Third);
        await Eventually.HoldsAsync(() => !File.Exists(FilesOf(Third).AcceptedLossPath), "its record is gone");
        await ServingAsync();
        await CaughtUpAsync([.. Nodes]);
        Assert.True(await Third.Partition.IsReadAsync(29));
    }

    private async Task<(ulong Digest, Epoch Epoch)> WrittenAndStoppedAsync()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        await Leader.Partition.CommitAsync(Words.Mark(12, 12));
        await CaughtUpAsync([.. Nodes]);
        var found = (Leader.Store.State.Digest(), Leader.Store.Epoch);
        await StopAllAsync();
        return found;
    }

    private async Task StopAllAsync()
    {
        // Who leads ends last, so that nobody begins a term meanwhile.
        foreach (var node in Nodes.Where(node => node != Leader).Append(Leader).ToList())
            await StopAsync(node);
    }

    private async Task AllVoteAsync() => await Eventually.HoldsAsync(
        () => Nodes.All(node => node.Status.Replica is { Store: { IsRejoining: false, AcceptedLoss: null } }), "all vote, and the loss is over");

    private static PartitionDirectory FilesOf(TrioNode node) => node.Directory.Layout.Partition(Partition);

    private static void Lose(params TrioNode[] nodes)
    {
        foreach (var node in nodes)
            Directory.Delete(FilesOf(node).Root, recursive: true);
    }

    private static void Rot(TrioNode node)
    {
        var path = Path.Combine(FilesOf(node).WalPath, "0000000000000000.wal");
        var bytes = File.ReadAllBytes(path);
        bytes[0x50] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static Epoch Recover(TrioNode node)
    {
        using var stopped = StoppedNode.Take(node.Directory.Layout.Root, PosixDisk.Instance);
        var copy = CopyInspection.Run(stopped.Layout, stopped.Meta, Partition, PosixDisk.Instance);
        Assert.IsType<CopyState.Sound>(copy.State);
        return LossAcceptance.Accept(stopped.Layout, stopped.Meta, copy, acceptsDamage: false, PosixDisk.Instance);
    }

    private static AcceptedLoss AcceptedLossOf(TrioNode node) =>
        CopyInspection.Run(node.Directory.Layout, node.Directory.Meta, Partition, PosixDisk.Instance).Accepted!;

    private static async Task<WriteOutcome> WriteBrieflyAsync(TrioNode node)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        return await node.Partition.WriteAsync(Words.Command(Words.Mark(99, 99)), deadline.Token);
    }

    private static async Task<bool> ReadByLeaderAsync(TrioNode node)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        return await node.Partition.LeaderReads(new CallRoute(Stays: true), deadline.Token).ContainsAsync(default, new UserId(1), new ChannelId(2), 9);
    }
}
