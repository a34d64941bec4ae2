using BitArk.Cli.Replay;
using CsCheck;

namespace BitArk.Cli.Tests.Replay;

public sealed class AckWindowSpecs
{
    [Fact]
    public void Should_count_only_the_prefix_without_a_gap_when_batches_end_in_any_order() =>
        Gen.Shuffle(Enumerable.Range(0, 12).ToArray()).Sample(order =>
        {
            var window = new AckWindow(12);
            foreach (var _ in order)
            {
                window.Start();
            }

            var done = new HashSet<int>();
            foreach (var index in order)
            {
                window.Complete(index, reads: 10, changed: index);
                done.Add(index);
                var prefix = Enumerable.Range(0, 13).First(i => !done.Contains(i));
                Assert.Equal((prefix, prefix * 10, Enumerable.Range(0, prefix).Sum()), (window.PrefixBatches, window.PrefixReads, window.PrefixChanged));
            }
        });

    [Fact]
    public void Should_have_no_room_when_the_oldest_batch_is_stuck()
    {
        var window = new AckWindow(3);
        window.Start();
        window.Start();
        window.Start();
        window.Complete(1, 1, 1);
        window.Complete(2, 1, 1);
        Assert.False(window.HasRoom);
        Assert.Throws<InvalidOperationException>(() => window.Start());
        window.Complete(0, 1, 1);
        Assert.True(window.HasRoom);
        Assert.Equal(3, window.Start());
    }

    [Fact]
    public void Should_refuse_when_a_batch_ends_twice_or_never_started()
    {
        var window = new AckWindow(3);
        window.Start();
        window.Complete(0, 1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Complete(0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Complete(1, 1, 1));
    }
}
