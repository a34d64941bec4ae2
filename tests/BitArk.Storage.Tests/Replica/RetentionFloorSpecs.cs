using BitArk.Storage.Replica;

namespace BitArk.Storage.Tests.Replica;

public sealed class RetentionFloorSpecs
{
    [Theory]
    [InlineData(new long[0], 900, 0)]
    [InlineData(new long[] { 500 }, 900, 0)]
    [InlineData(new long[] { 500, 300 }, 900, 300)]
    [InlineData(new long[] { 500, 300, 100 }, 900, 300)]
    [InlineData(new long[] { 500, 300 }, 200, 200)]
    public void Should_keep_the_log_of_the_older_snapshot_when_asked_for_a_floor(long[] snapshots, long commit, long floor) =>
        Assert.Equal(new Lsn(floor), RetentionFloor.Of([.. snapshots.Select(lsn => new Lsn(lsn))], new Lsn(commit)));
}
