using CsCheck;

namespace BitArk.Primitives.Tests;

public sealed class PartitionIdSpecs
{
    // Frozen: clients compute the same rule, and data lies where it says. The hashes were taken with the reference tool, `xxhsum -H3`.
    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(1, 8, 6)]
    [InlineData(42, 8, 0)]
    [InlineData(Ids.Max, 8, 0)]
    [InlineData(42, 1, 0)]
    [InlineData(42, 1000, 720)]
    public void Should_place_users_where_the_contract_says(long user, int partitions, int expected) =>
        Assert.Equal(new PartitionId(expected), PartitionId.Of(new UserId(user), partitions));

    [Fact]
    public void Should_stay_within_the_partition_count() =>
        Gen.Select(Gen.Long[0, Ids.Max], Gen.Int[1, 4096]).Sample((user, partitions) =>
            PartitionId.Of(new UserId(user), partitions).Value is var p && p >= 0 && p < partitions);

    [Fact]
    public void Should_spread_dense_users_evenly()
    {
        var counts = new int[16];
        for (long user = 0; user < 160_000; user++)
            counts[PartitionId.Of(new UserId(user), 16).Value]++;

        // 10,000 expected each; six standard deviations is about 580.
        Assert.All(counts, count => Assert.InRange(count, 9_400, 10_600));
    }
}
