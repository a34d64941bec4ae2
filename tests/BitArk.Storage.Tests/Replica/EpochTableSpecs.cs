using BitArk.Storage.Replica;

namespace BitArk.Storage.Tests.Replica;

public sealed class EpochTableSpecs
{
    [Theory]
    [InlineData(10, 0)]
    [InlineData(64, 1)]
    [InlineData(499, 1)]
    [InlineData(500, 3)]
    [InlineData(9000, 3)]
    public void Should_tell_who_wrote_a_position_when_epochs_have_begun(long position, long epoch)
    {
        var table = new EpochTable();
        table.Add(new Epoch(1), new Lsn(64));
        table.Add(new Epoch(3), new Lsn(500));
        Assert.Equal(new Epoch(epoch), table.At(new Lsn(position)));
    }

    [Theory]
    [InlineData(3, 600)]
    [InlineData(2, 600)]
    [InlineData(4, 500)]
    public void Should_refuse_an_epoch_when_it_does_not_follow(long epoch, long first)
    {
        var table = new EpochTable();
        table.Add(new Epoch(3), new Lsn(500));
        Assert.Throws<InvalidOperationException>(() => table.Add(new Epoch(epoch), new Lsn(first)));
    }

    [Fact]
    public void Should_survive_its_own_bytes_and_forget_the_oldest_when_it_is_full()
    {
        var table = new EpochTable();
        for (var i = 1; i <= EpochTable.MaxEntries + 5; i++)
            table.Add(new Epoch(i), new Lsn(i * 64));
        Assert.True(EpochTable.TryRead(table.ToBytes(), out var read));
        Assert.Equal(table.Entries, read.Entries);
        Assert.Equal(new Epoch(6), read.Entries[0].Epoch);
        Assert.Equal(EpochTable.MaxEntries, read.Entries.Count);
    }

    [Fact]
    public void Should_refuse_bytes_when_they_go_back()
    {
        var table = new EpochTable();
        table.Add(new Epoch(1), new Lsn(64));
        var bytes = table.ToBytes();
        Assert.False(EpochTable.TryRead([.. bytes, .. bytes], out _));
        Assert.False(EpochTable.TryRead(bytes.AsSpan(1), out _));
    }
}
