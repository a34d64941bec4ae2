namespace BitArk.Replication.Tests;

public sealed class ReplicaSetSpecs
{
    [Theory]
    [InlineData("a", 1)]
    [InlineData("b a", 2)]
    [InlineData("c a b", 2)]
    [InlineData("d c b a", 3)]
    [InlineData("e d c b a", 3)]
    public void Should_take_more_than_half_for_a_majority(string names, int majority)
    {
        var set = new ReplicaSet(names.Split(' ').Select(name => new NodeId(name)));

        Assert.Equal(majority, set.Majority);
        Assert.Equal(set.Members.Order(), set.Members);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a a")]
    public void Should_refuse_no_member_or_one_twice(string names) =>
        Assert.Throws<ArgumentException>(() => new ReplicaSet(names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new NodeId(name))));
}
