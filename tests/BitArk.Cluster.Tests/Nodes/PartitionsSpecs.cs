using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class PartitionsSpecs
{
    private const int Count = 8;

    [Fact]
    public async Task Should_keep_every_user_in_its_own_partition_when_there_are_eight()
    {
        await using var test = await TestNode.StartAsync($"bitark.partitions = {Count}");
        Assert.Equal(Enumerable.Range(0, Count), test.Node.Partitions.Select(partition => partition.Id.Value));
        await Task.WhenAll(Enumerable.Range(0, 200).Select(user => Of(test, user).CommitAsync(Words.Mark(1, user + 1, user))));

        await test.RestartAsync();

        for (var user = 0; user < 200; user++)
        {
            Assert.True(await Of(test, user).IsReadAsync(user + 1, user));
            Assert.False(await Of(test, user).IsReadAsync(user + 2, user));
        }

        Assert.All(test.Node.Partitions, partition => Assert.InRange(partition.Positions.ReadSets, 1, 60));
        Assert.Equal(200, test.Node.Partitions.Sum(partition => partition.Positions.ReadSets));
    }

    [Fact]
    public async Task Should_refuse_a_user_of_another_partition_when_a_front_end_routes_wrongly()
    {
        await using var test = await TestNode.StartAsync($"bitark.partitions = {Count}");
        var wrong = test.Node.Partitions.First(partition => partition.Id != PartitionId.Of(Words.User, Count));
        await Assert.ThrowsAsync<ArgumentException>(() => wrong.WriteAsync(Words.Mark(1, 1)));
    }

    private static IPartition Of(TestNode test, long user) => test.Node.Partitions[PartitionId.Of(new UserId(user), Count).Value];
}
