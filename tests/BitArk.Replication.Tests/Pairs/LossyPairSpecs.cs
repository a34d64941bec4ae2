using CsCheck;

namespace BitArk.Replication.Tests.Pairs;

public sealed class LossyPairSpecs
{
    // The leader of epoch 5 took over a log of the epochs 1, 2 and 4. The follower has a part of it, and perhaps a tail of 3.
    [Fact]
    public void Should_count_only_what_is_durable_and_equal_and_catch_up_when_the_faults_end() =>
        Gen.Select(Gen.Int, Gen.Int[0, 30], Gen.Int[0, 10]).Sample((seed, shared, tail) =>
        {
            long[] old = [.. Enumerable.Repeat(1L, 10), .. Enumerable.Repeat(2L, 10), .. Enumerable.Repeat(4L, 10)];
            // A tail of epoch 3 can stand only where epoch 4 has not begun.
            var follower = old.Take(shared).Concat(Enumerable.Repeat(3L, shared <= 20 ? tail : 0));
            var pair = new LossyPair(seed, [.. old, 5], follower);
            for (var step = 0; step < 400; step++)
            {
                pair.Step();
            }

            pair.HasFaults = false;
            for (var step = 0; step < 1000 && !pair.IsDone; step++)
            {
                pair.Step();
            }

            Assert.True(pair.IsDone, $"No progress: {pair}");
        }, iter: 300);
}
