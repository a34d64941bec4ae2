using BitArk.Cluster.Guards;
using BitArk.Cluster.Tests.Replication;
using BitArk.Cluster.Tests.Support;
using BitArk.Replication.Messages;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Guards;

/// <summary>What a replica makes of its journal and its mark at a start.</summary>
public sealed class GuardedReplicaSpecs : ReplicaTrio
{
    private TrioNode Third => Nodes[2];

    private DataDirectory Files => Third.Directory.Layout;

    private ClusterId Cluster => Third.Directory.Meta.ClusterId;

    private string GuardMark => Files.Partition(new PartitionId(0)).GuardMarkPath;

    [Fact]
    public async Task Should_have_every_promise_in_the_journal_when_it_is_in_the_mark()
    {
        await StartAndStopTheThirdAsync();
        var store = Leader.Store;
        // It leads: its promise is spent, in the mark alone.
        Assert.Equal(new EpochPromise(store.Epoch, Guid.Empty), store.Promised);
        Assert.Equal(store.Epoch, GuardKit.EventsOf(Leader.Directory.Layout, Cluster)[^1].Epoch);
        Assert.True(File.Exists(GuardMark));
        Assert.Equal(Newest(), ReadMark());
    }

    [Fact]
    public async Task Should_raise_the_mark_when_the_journal_is_above_it()
    {
        await StartAndStopTheThirdAsync();
        var ahead = new EpochPromised(new Epoch(9), Guid.NewGuid());
        Rewrite(ahead);

        await StartAsync(Third);
        await Eventually.HoldsAsync(() => Third.Status.Phase is PartitionPhase.Following && Third.Store.Promised.Epoch >= new Epoch(9), "the mark was raised");
        await CaughtUpAsync(Nodes[1], Third);
        Assert.Equal(0, Third.Status.Wire.Counts.FullSyncs);
    }

    [Fact]
    public async Task Should_import_the_mark_when_no_journal_was_in_use()
    {
        await StartAndStopTheThirdAsync();
        var mark = ReadMark();
        Remove();
        File.Delete(GuardMark);

        await StartAsync(Third);
        await CaughtUpAsync(Nodes[1], Third);
        Assert.Equal(0, Third.Status.Wire.Counts.FullSyncs);
        Assert.True(File.Exists(GuardMark));
        Assert.Equal(new EpochPromised(mark.Epoch, mark.Proposer), GuardKit.EventsOf(Files, Cluster)[0]);
    }

    [Fact]
    public async Task Should_give_the_epoch_to_nobody_when_the_two_name_different_proposers()
    {
        await StartAndStopTheThirdAsync();
        var mark = ReadMark();
        Rewrite(new EpochPromised(mark.Epoch, Guid.NewGuid()));
        Door = (_, to, message) => to == Third.Name ? null : message;

        await StartAsync(Third);
        await Eventually.HoldsAsync(() => Third.Status.Phase is PartitionPhase.Following, "it is there");
        Assert.Equal(new EpochPromise(mark.Epoch, Guid.Empty), Third.Store.Promised);
        Assert.Equal(new EpochPromise(mark.Epoch, Guid.Empty), Newest());
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("no database")]
    [InlineData("behind")]
    [InlineData("unreadable event")]
    public async Task Should_be_damaged_and_repaired_and_vote_again_when_promises_are_lost(string loss)
    {
        await StartAndStopTheThirdAsync();
        Lose(loss);
        Door = (_, to, message) => to == Third.Name && message is Heartbeat ? null : message;

        await StartAsync(Third);
        await Eventually.HoldsAsync(() => Third.Status.Phase is PartitionPhase.Damaged or PartitionPhase.Failed, "the loss is found");
        Assert.Equal("", Third.Failure);
        Door = (_, _, message) => message;
        await CaughtUpAsync(Nodes[1], Third);
        Assert.Equal(1, Third.Status.Wire.Counts.FullSyncs);
        await Eventually.HoldsAsync(() => !Third.Store.IsRejoining, "it votes again");
        Assert.Equal(Third.Store.Promised, Newest());

        await StopAsync(Third);
        await StartAsync(Third);
        await CaughtUpAsync(Nodes[1], Third);
        Assert.Equal(0, Third.Status.Wire.Counts.FullSyncs);
    }

    // Two terms, so that the journal has something to be behind with.
    private async Task StartAndStopTheThirdAsync()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        await CaughtUpAsync(Nodes[1], Third);
        await StopAsync(Nodes[0]);
        await StartAsync(Nodes[0]);
        await ServingAsync();
        await Leader.Partition.CommitAsync(Words.Mark(10, 10));
        await CaughtUpAsync(Nodes[1], Third);
        await StopAsync(Third);
    }

    private void Lose(string loss)
    {
        switch (loss)
        {
            case "missing":
                Remove();
                break;
            case "no database":
                Remove();
                File.WriteAllBytes(Files.GuardJournalPath, [.. Enumerable.Repeat((byte)0xA5, 8192)]);
                break;
            case "behind":
                Assert.Equal(1, GuardKit.Change(Files, "DELETE FROM journal WHERE sequence_number = (SELECT max(sequence_number) FROM journal)"));
                break;
            case "unreadable event":
                Assert.Equal(1, GuardKit.Change(Files, "UPDATE journal SET message = x'A5' WHERE sequence_number = (SELECT max(sequence_number) FROM journal)"));
                break;
        }
    }

    private void Remove()
    {
        Third.Journal++;
        foreach (var file in Directory.GetFiles(Files.GuardsPath))
            File.Delete(file);
    }

    private void Rewrite(EpochPromised promised)
    {
        var bytes = new byte[EpochPromised.Size];
        promised.Write(bytes);
        Assert.Equal(1, GuardKit.Change(Files, $"UPDATE journal SET message = x'{Convert.ToHexString(bytes)}' WHERE sequence_number = (SELECT max(sequence_number) FROM journal)"));
    }

    private EpochPromise Newest()
    {
        var newest = GuardKit.NewestOf(Files, Cluster);
        return new EpochPromise(newest.Epoch, newest.Proposer);
    }

    private EpochPromise ReadMark() => ReplicaStore.TryReadPromise(
        new ReplicaOptions { Layout = Files, Meta = Third.Directory.Meta, Partition = new PartitionId(0), MaxBatchBytes = 1 << 20, IsOneOfSeveral = true }, Third.Disk)!;
}
