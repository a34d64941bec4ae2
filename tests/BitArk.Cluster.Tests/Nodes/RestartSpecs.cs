using Akka.Configuration;
using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class RestartSpecs
{
    [Fact]
    public async Task Should_read_what_was_written_when_it_was_acknowledged()
    {
        await using var test = await TestNode.StartAsync();

        var outcome = await test.Partition.CommitAsync(Words.Mark(1, 9), Words.Unmark(4, 5));

        Assert.Equal([9, 2], outcome.Changed);
        Assert.True(await test.Partition.IsReadAsync(3));
        Assert.False(await test.Partition.IsReadAsync(4));
        Assert.True(test.Partition.Reads.Position.Lsn >= outcome.Lsn);
        Assert.Equal(outcome.Lsn, test.Partition.Positions.LastAppliedLsn);
    }

    [Fact]
    public async Task Should_find_every_acknowledged_write_when_started_again()
    {
        await using var test = await TestNode.StartAsync();
        for (var message = 1; message <= 50; message++)
            await test.Partition.CommitAsync(Words.Mark(message * 3, message * 3));

        var before = test.Partition.Positions;
        await test.RestartAsync();

        for (var message = 1; message <= 50; message++)
            Assert.True(await test.Partition.IsReadAsync(message * 3));

        Assert.False(await test.Partition.IsReadAsync(4));
        Assert.True(test.Partition.Positions.Epoch > before.Epoch);
        Assert.True(test.Partition.Positions.WrittenLsn > before.WrittenLsn);
    }

    [Fact]
    public async Task Should_roll_over_many_segments_when_more_is_written_than_one_holds()
    {
        await using var test = await TestNode.StartAsync();
        var writes = Enumerable.Range(0, 4000).Select(i => test.Partition.CommitAsync(Enumerable.Range(0, 20).Select(j => Words.Mark((i * 40) + (j * 2), (i * 40) + (j * 2))).ToArray()));
        await Task.WhenAll(writes);

        Assert.True(test.Partition.Positions.WrittenLsn.Value > 5 * 64 * 1024);
        await test.RestartAsync();

        for (long i = 0; i < 4000 * 40; i++)
            Assert.Equal(i % 2 == 0, await test.Partition.IsReadAsync(i));
    }

    [Fact]
    public async Task Should_keep_the_cluster_id_when_started_again()
    {
        await using var test = await TestNode.StartAsync();
        var id = test.Node.ClusterId;
        await test.RestartAsync();
        Assert.Equal(id, test.Node.ClusterId);
    }

    [Fact]
    public async Task Should_say_what_to_do_when_the_directory_is_in_use()
    {
        await using var test = await TestNode.StartAsync();
        var error = await Assert.ThrowsAsync<NodeStartException>(() => BitArkNode.StartAsync(test.Settings));
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        Assert.Contains("bitark.data-dir", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_refuse_to_start_when_a_setting_fixed_at_creation_changed()
    {
        await using var test = await TestNode.StartAsync();
        await test.Node.DisposeAsync();

        var changed = SettingsLoader.FromHocon($"bitark {{ data-dir = \"{test.DataDirectory}\", partitions = 2, wal.segment-bytes = 64 KiB, sessions {{ window = 8, max-bytes = 256 KiB }} }}");
        var error = await Assert.ThrowsAsync<NodeStartException>(() => BitArkNode.StartAsync(changed));

        Assert.Contains("bitark.partitions", error.Message, StringComparison.Ordinal);
        await test.StartAgainAsync();
    }

    [Fact]
    public async Task Should_open_its_files_once_when_its_actors_cannot_be_started()
    {
        await using var test = await TestNode.StartAsync();
        await test.Node.DisposeAsync();
        var odd = test.Settings with
        {
            Hocon = ConfigurationFactory.ParseString("bitark.dispatchers.wal.type = NoSuchDispatcher").WithFallback(test.Settings.Hocon),
        };

        await Assert.ThrowsAsync<NodeStartException>(() => BitArkNode.StartAsync(odd).WaitAsync(TimeSpan.FromSeconds(20)));
        await test.StartAgainAsync();

        Assert.Equal(new Epoch(3), test.Partition.Positions.Epoch);
    }
}
