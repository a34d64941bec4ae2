using BitArk.Replication.Epochs;

namespace BitArk.Replication.Tests.Epochs;

public sealed class EpochHistorySpecs
{
    private static readonly EpochHistory History = new([new(new Epoch(2), new Lsn(64)), new(new Epoch(4), new Lsn(500)), new(new Epoch(5), new Lsn(900))]);

    [Theory]
    [InlineData(1, 0, 64)]
    [InlineData(2, 2, 500)]
    [InlineData(3, 2, 500)]
    [InlineData(4, 4, 900)]
    [InlineData(5, 5, 1000)]
    [InlineData(9, 5, 1000)]
    public void Should_know_where_the_epochs_up_to_one_end(long epoch, long newest, long end)
    {
        Assert.Equal(new Epoch(newest), History.NewestUpTo(new Epoch(epoch)));
        Assert.Equal(new Lsn(end), History.EndOf(new Epoch(epoch), new Lsn(1000)));
    }

    [Fact]
    public void Should_end_an_epoch_at_the_end_of_the_log_when_the_next_one_is_not_durable() =>
        Assert.Equal(new Lsn(800), History.EndOf(new Epoch(4), new Lsn(800)));

    [Fact]
    public void Should_refuse_entries_out_of_order()
    {
        Assert.Throws<ArgumentException>(() => new EpochHistory([new(new Epoch(2), new Lsn(64)), new(new Epoch(2), new Lsn(80))]));
        Assert.Throws<ArgumentException>(() => new EpochHistory([new(new Epoch(2), new Lsn(64)), new(new Epoch(3), new Lsn(64))]));
    }
}
