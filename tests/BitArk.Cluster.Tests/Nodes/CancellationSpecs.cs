using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class CancellationSpecs
{
    [Fact]
    public async Task Should_stop_waiting_and_still_write_when_the_caller_gives_up()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        var gate = disk.HoldSegmentSyncs();
        using var impatient = new CancellationTokenSource();
        var write = test.Partition.WriteAsync(Words.Command(Words.Mark(1, 1)), impatient.Token);
        await gate.Reached;

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await write);
        gate.Open();

        await Eventually.HoldsAsync(() => test.Partition.IsReadAsync(1).Result, "the write is applied");
    }

    [Fact]
    public async Task Should_write_nothing_when_the_caller_had_given_up_before()
    {
        await using var test = await TestNode.StartAsync();
        var before = test.Partition.Positions.WrittenLsn;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await test.Partition.WriteAsync(Words.Command(Words.Mark(1, 1)), new CancellationToken(canceled: true)));
        Assert.Equal(before, test.Partition.Positions.WrittenLsn);
    }

    // Pooled writes: an answer must never reach another caller, whoever gives up in between.
    [Fact]
    public async Task Should_give_everyone_his_own_answer_when_half_of_the_callers_give_up()
    {
        await using var test = await TestNode.StartAsync();
        var callers = Enumerable.Range(1, 16).Select(user => CallAsync(test.Partition, user)).ToArray();
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task CallAsync(IPartition partition, int user)
    {
        var random = new Random(user);
        var next = 1L;
        for (var round = 0; round < 300; round++)
        {
            var count = random.Next(1, 50);
            using var patience = new CancellationTokenSource();
            var write = partition.WriteAsync(Words.Command(Words.Mark(next, next + count - 1, user)), patience.Token);
            if (random.Next(2) == 0)
                await patience.CancelAsync();

            try
            {
                var committed = Assert.IsType<WriteOutcome.Committed>(await write);
                Assert.Equal([count], committed.Changed);
            }
            catch (OperationCanceledException)
            {
                Assert.True(patience.IsCancellationRequested);
            }

            next += count;
        }
    }
}
