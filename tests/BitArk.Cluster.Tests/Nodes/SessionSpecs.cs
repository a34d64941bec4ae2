using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class SessionSpecs
{
    private static readonly SessionId Session = new(77);

    [Fact]
    public async Task Should_answer_the_recorded_result_when_a_write_is_repeated()
    {
        await using var test = await TestNode.StartAsync();
        var first = await SendAsync(test, 1, Words.Mark(1, 9));
        await test.Partition.CommitAsync(Words.Unmark(5, 5));

        var repeat = await SendAsync(test, 1, Words.Mark(1, 9));

        Assert.Equal([9], Assert.IsType<WriteOutcome.Committed>(first).Changed);
        Assert.Equal([9], Assert.IsType<WriteOutcome.Committed>(repeat).Changed);
        Assert.False(await test.Partition.IsReadAsync(5));
    }

    [Fact]
    public async Task Should_still_know_a_write_when_started_again()
    {
        await using var test = await TestNode.StartAsync();
        await SendAsync(test, 1, Words.Mark(1, 9));
        await test.Partition.SnapshotAsync(CancellationToken.None);
        await SendAsync(test, 2, Words.Mark(10, 11));
        await test.Partition.CommitAsync(Words.Unmark(1, 11));

        await test.RestartAsync();

        var first = Assert.IsType<WriteOutcome.Committed>(await SendAsync(test, 1, Words.Mark(1, 9)));
        var second = Assert.IsType<WriteOutcome.Committed>(await SendAsync(test, 2, Words.Mark(10, 11)));
        Assert.Equal([9], first.Changed);
        Assert.Equal([2], second.Changed);
        Assert.False(await test.Partition.IsReadAsync(1));
    }

    [Fact]
    public async Task Should_say_expired_when_a_sequence_lies_below_the_window()
    {
        await using var test = await TestNode.StartAsync();
        for (var sequence = 1; sequence <= 20; sequence++)
            await SendAsync(test, sequence, Words.Mark(sequence, sequence));

        await test.Partition.CommitAsync(Words.Unmark(2, 2));
        Assert.Equal(new WriteOutcome.SessionExpired(13), await SendAsync(test, 2, Words.Mark(2, 2)));
        Assert.False(await test.Partition.IsReadAsync(2));
    }

    private static async Task<WriteOutcome> SendAsync(TestNode test, long sequence, params MarkOperation[] operations) =>
        await test.Partition.WriteAsync(new WriteCommand(operations, Session, sequence), CancellationToken.None);
}
