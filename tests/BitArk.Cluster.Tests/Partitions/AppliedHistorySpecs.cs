using BitArk.Cluster.Partitions;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Tests.Partitions;

public sealed class AppliedHistorySpecs
{
    private static readonly AppliedHistory History = new(
        new Epoch(7), [new EpochEntry(new Epoch(1), new Lsn(64)), new EpochEntry(new Epoch(4), new Lsn(1000)), new EpochEntry(new Epoch(7), new Lsn(2000))]);

    [Theory]
    [InlineData(1, 1000, false)] // where the next epoch begins, the history is still the same
    [InlineData(1, 1001, true)]
    [InlineData(2, 900, true)] // a position of an epoch lies behind its first record, and no record of this one is left
    [InlineData(3, 1008, true)]
    [InlineData(4, 2000, false)]
    [InlineData(6, 2008, true)]
    [InlineData(7, 5000, false)] // not yet written, or not yet here
    [InlineData(9, 64, false)] // of an epoch that is not known here: to be waited for
    public void Should_tell_what_was_cut_when_a_later_epoch_begins_before_it(long epoch, long lsn, bool cut) =>
        Assert.Equal(cut, History.HasCut(new ReadPosition(new Epoch(epoch), new Lsn(lsn))));
}
