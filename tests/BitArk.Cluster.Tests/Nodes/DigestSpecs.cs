using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class DigestSpecs
{
    [Fact]
    public async Task Should_compute_at_the_first_end_of_a_record_when_a_later_position_is_asked_for()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync(Words.Mark(1, 1));
        var now = test.Partition.Positions.LastAppliedLsn;
        var before = Assert.IsType<DigestOutcome.Computed>(await test.Partition.DigestAsync(Lsn.Zero, CancellationToken.None));
        Assert.Equal(now, before.Lsn);
        Assert.Equal(before, await test.Partition.DigestAsync(now, CancellationToken.None));

        var waiting = test.Partition.DigestAsync(now.Plus(1), CancellationToken.None);
        var first = await test.Partition.CommitAsync(Words.Mark(2, 2));
        await test.Partition.CommitAsync(Words.Mark(3, 3));

        var at = Assert.IsType<DigestOutcome.Computed>(await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(first.Lsn, at.Lsn);
        Assert.NotEqual(before.Digest, at.Digest);
    }

    [Fact]
    public async Task Should_say_that_it_has_passed_when_the_position_lies_behind()
    {
        await using var test = await TestNode.StartAsync();
        var first = await test.Partition.CommitAsync(Words.Mark(1, 1));
        var second = await test.Partition.CommitAsync(Words.Mark(2, 2));

        Assert.Equal(new DigestOutcome.Passed(second.Lsn), await test.Partition.DigestAsync(first.Lsn, CancellationToken.None));
    }

    [Fact]
    public async Task Should_leave_room_for_others_when_who_waited_has_gone()
    {
        await using var test = await TestNode.StartAsync();
        var beyond = test.Partition.Positions.LastAppliedLsn.Plus(1 << 20);
        using var gone = new CancellationTokenSource();
        Task[] waiting = [.. Enumerable.Range(0, 4).Select(_ => test.Partition.DigestAsync(beyond, gone.Token))];
        Assert.IsType<DigestOutcome.Unavailable>(await test.Partition.DigestAsync(beyond, CancellationToken.None));

        await gone.CancelAsync();
        var late = test.Partition.DigestAsync(beyond, CancellationToken.None);
        await test.Node.DisposeAsync();

        Assert.All(waiting, task => Assert.True(task.IsCanceled));
        Assert.IsType<DigestOutcome.Unavailable>(await late.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
