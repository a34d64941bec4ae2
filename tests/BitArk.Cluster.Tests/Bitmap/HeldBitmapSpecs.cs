using Akka.Actor;
using Akka.TestKit;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Tests.Support;
using BitArk.Cluster.Writes;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Bitmap;

/// <summary>A cut of the log, and what was to be applied of it when it was ordered.</summary>
public sealed class HeldBitmapSpecs : ReplicaKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Should_apply_nothing_above_the_cut_when_it_was_asked_for_before()
    {
        // Several slices: a slice is of one segment.
        var (ends, bitmap) = (Fill(), await StartAsync(BitmapActor.Props(Status, Store, new BatchPool()), CreateTestProbe()));
        var (gate, last) = (Hold(bitmap), ends[^1]);
        var cut = ends[ends.Count / 2];
        bitmap.Tell(new BitmapProtocol.ApplyUpTo(last));
        var held = bitmap.Ask<BitmapProtocol.Held>(new BitmapProtocol.HoldAt(7, cut), Patience);
        gate.Open();

        var answer = await held;
        Assert.Equal(7, answer.Nonce);
        Assert.True(answer.LastAppliedLsn > Lsn.Zero && answer.LastAppliedLsn < cut, "the first slice ends before the cut");
        await Eventually.HoldsAsync(() => Store.State.LastAppliedLsn == cut, "what stays is applied");

        // Other records come in the place of those that were cut, and nobody says that they are committed.
        Store.Log.CutTo(cut, Store.Epoch);
        while (Store.Log.WrittenLsn < last)
            Store.AppendMarks(Words.Mark(1, 1, user: 9));
        await bitmap.Ask<BitmapProtocol.Held>(new BitmapProtocol.HoldAt(8, last), Patience);
        await bitmap.Ask<BitmapProtocol.Held>(new BitmapProtocol.HoldAt(9, last), Patience);
        Assert.Equal(cut, Store.State.LastAppliedLsn);

        bitmap.Tell(new BitmapProtocol.ApplyUpTo(Store.Log.WrittenLsn));
        await Eventually.HoldsAsync(() => Store.State.LastAppliedLsn == Store.Log.WrittenLsn, "what is asked for afterwards is applied");
    }

    [Fact]
    public async Task Should_say_how_far_it_is_when_it_has_gone_beyond_the_cut()
    {
        var (ends, bitmap) = (Fill(), await StartAsync(BitmapActor.Props(Status, Store, new BatchPool()), CreateTestProbe()));
        bitmap.Tell(new BitmapProtocol.ApplyUpTo(ends[^1]));
        await Eventually.HoldsAsync(() => Store.State.LastAppliedLsn == ends[^1], "everything is applied");

        Assert.Equal(ends[^1], (await bitmap.Ask<BitmapProtocol.Held>(new BitmapProtocol.HoldAt(7, ends[0]), Patience)).LastAppliedLsn);
    }

    private List<Lsn> Fill()
    {
        List<Lsn> ends = [Store.AppendEpochStart()];
        while (Store.Log.WrittenLsn < new Lsn(3 * 65536))
            ends.Add(Store.AppendMarks([.. Enumerable.Range(0, 200).Select(i => Words.Mark((ends.Count * 1000) + (2 * i) + 1, (ends.Count * 1000) + (2 * i) + 1))]));
        return ends;
    }

    private static Gate Hold(IActorRef bitmap)
    {
        var gate = new Gate();
        bitmap.Tell(new OvertakenRead<bool>(_ =>
        {
            gate.Pass();
            return true;
        }));
        return gate;
    }
}
