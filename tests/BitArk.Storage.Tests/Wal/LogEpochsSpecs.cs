using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class LogEpochsSpecs
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Should_know_where_each_epoch_begins_when_opened_again()
    {
        var expected = new List<EpochEntry>();
        using (var log = TestLog.Open(_disk))
        {
            foreach (var epoch in new[] { 1, 1, 4, 4, 7 })
            {
                var record = log.AppendAndFlush(TestLog.Payload(epoch, 20_000), epoch);
                if (expected.Count == 0 || expected[^1].Epoch != record.Epoch)
                    expected.Add(new EpochEntry(record.Epoch, log.Log.Epochs.Entries[^1].First));
            }

            Assert.Equal(expected, log.Log.Epochs.Entries);
        }

        using var found = TestLog.Open(_disk.AfterKill());
        Assert.Equal(expected, found.Log.Epochs.Entries);
        Assert.Equal(new Epoch(7), found.Log.Epochs.Last);
    }

    [Fact]
    public void Should_count_a_pad_as_the_first_record_of_its_epoch()
    {
        using var log = TestLog.Open(_disk);
        log.AppendAndFlush(new byte[32_000]);
        var pad = log.AppendAndFlush(new byte[32_000]).End;
        log.AppendAndFlush(new byte[5_000], epoch: 2);
        Assert.Equal(new EpochEntry(new Epoch(2), pad), log.Log.Epochs.Entries[^1]);
        Assert.Equal(new Epoch(2), log.Log.Epochs.Before(TestLog.Geometry.FirstPosition(1)));
        Assert.Equal(new Epoch(1), log.Log.Epochs.Before(pad));
        Assert.Equal(Epoch.None, log.Log.Epochs.Before(TestLog.Geometry.Origin));
    }

    [Fact]
    public void Should_forget_the_epochs_behind_a_cut()
    {
        using var log = TestLog.Open(_disk);
        var first = log.AppendAndFlush([1], epoch: 1);
        var second = log.AppendAndFlush([2], epoch: 2);
        log.AppendAndFlush([3], epoch: 3);
        log.Log.CutTo(second.End, new Epoch(2));
        Assert.Equal(new Epoch(2), log.Log.Epochs.Last);
        log.Log.CutTo(first.End, new Epoch(1));
        Assert.Equal([new EpochEntry(new Epoch(1), first.Start)], log.Log.Epochs.Entries);
        log.AppendAndFlush([4], epoch: 5);
        Assert.Equal(new EpochEntry(new Epoch(5), first.End), log.Log.Epochs.Entries[^1]);
    }

    [Fact]
    public void Should_keep_the_newest_when_there_are_very_many()
    {
        var epochs = new LogEpochs([]);
        for (var i = 1; i <= LogEpochs.MaxEntries + 10; i++)
            epochs.Saw(new Epoch(i), new Lsn(i * 64));
        Assert.Equal(LogEpochs.MaxEntries, epochs.Entries.Count);
        Assert.Equal(new Epoch(11), epochs.Entries[0].Epoch);
    }
}
