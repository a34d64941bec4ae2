using Akka.Actor;
using Akka.Cluster;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Tests.Creation;

namespace BitArk.Cluster.Tests.Membership;

public sealed class MembershipTableSpecs
{
    private static readonly UniqueAddress Self = At(1);

    [Fact]
    public void Should_have_joined_when_it_is_itself_a_member()
    {
        Assert.False(new MembershipTable(Self).HasJoined);
        Assert.True(new MembershipTable(Self).Seen([Member("a", 1, 0)]).HasJoined);
    }

    [Fact]
    public void Should_ignore_a_hello_when_it_comes_from_nobody_or_from_another_than_it_says()
    {
        var table = Table(Member("a", 1, 0), Member("b", 2, 1));
        Assert.Null(table.Heard(Hello("b", uid: 2), At(9).Address));
        Assert.Null(table.Heard(Hello("b", uid: 7), At(2).Address));
        Assert.Null(table.Heard(Hello("c", uid: 2), At(2).Address));
        Assert.NotNull(table.Heard(Hello("b", uid: 2), At(2).Address));
    }

    [Fact]
    public void Should_keep_the_newer_hello_when_an_older_one_is_late()
    {
        var table = Table(Member("a", 1, 0), Member("b", 2, 1))
            .Heard(Hello("b", 2) with { Sequence = 2, GrpcAuthority = "new" }, At(2).Address)!
            .Heard(Hello("b", 2) with { Sequence = 1, GrpcAuthority = "old" }, At(2).Address)!;
        Assert.Equal("new", Entry(table, "b").GrpcAuthority);
    }

    [Fact]
    public void Should_forget_what_a_member_said_when_it_is_gone()
    {
        var table = Table(Member("a", 1, 0), Member("b", 2, 1)).Heard(Hello("b", 2), At(2).Address)!;
        Assert.Single(table.Peers());
        Assert.Empty(table.Seen([Member("a", 1, 0)]).Seen([Member("a", 1, 0), Member("b", 2, 1)]).Peers());
    }

    [Theory]
    [InlineData(MemberStatus.Joining, true, NodePresence.Up)]
    [InlineData(MemberStatus.Up, true, NodePresence.Up)]
    [InlineData(MemberStatus.Up, false, NodePresence.Unreachable)]
    [InlineData(MemberStatus.Leaving, true, NodePresence.Leaving)]
    [InlineData(MemberStatus.Exiting, false, NodePresence.Leaving)]
    [InlineData(MemberStatus.Down, false, NodePresence.Down)]
    public void Should_show_presence_when_the_member_is_in_a_status(MemberStatus status, bool isReachable, NodePresence presence) =>
        Assert.Equal(presence, Entry(Table(Member("a", 1, 0), Member("b", 2, 1) with { Status = status, IsReachable = isReachable }), "b").Presence);

    [Theory]
    [InlineData(MemberStatus.Joining, true)]
    [InlineData(MemberStatus.WeaklyUp, true)]
    [InlineData(MemberStatus.Up, false)]
    [InlineData(MemberStatus.Leaving, false)]
    [InlineData(MemberStatus.Down, false)]
    public void Should_be_joining_when_no_majority_counts_the_member_yet(MemberStatus status, bool isJoining) =>
        Assert.Equal(isJoining, Entry(Table(Member("a", 1, 0), Member("b", 2, 1) with { Status = status }), "b").IsJoining);

    [Fact]
    public void Should_count_only_living_peers_when_the_layout_is_decided()
    {
        var table = Table(Member("a", 1, 1), Member("b", 2, 0), Member("c", 3, 2)).Heard(Hello("b", 2), At(2).Address)!.Heard(Hello("c", 3), At(3).Address)!;
        Assert.Equal([("b", true), ("c", false)], table.Peers().OrderBy(peer => peer.Name).Select(peer => (peer.Name.Name, peer.IsSenior)));

        var cut = table.Seen([Member("a", 1, 1), Member("b", 2, 0), Member("c", 3, 2) with { IsReachable = false }]);
        Assert.Equal("b", Assert.Single(cut.Peers()).Name.Name);
    }

    [Fact]
    public void Should_give_way_to_a_namesake_when_that_was_here_before_and_speaks()
    {
        var table = Table(Member("a", 1, 1), Member("a", 2, 0));
        Assert.Null(table.SeniorNamesake);
        Assert.Equal(At(2), table.Heard(Hello("a", 2), At(2).Address)!.SeniorNamesake!.Address);
        Assert.Null(Table(Member("a", 1, 0), Member("a", 2, 1)).Heard(Hello("a", 2), At(2).Address)!.SeniorNamesake);
        Assert.Null(Table(Member("a", 1, 1), Member("a", 2, 0)).Heard(Hello("a", 2), At(2).Address)!.Seen([Member("a", 1, 1), Member("a", 2, 0) with { IsReachable = false }]).SeniorNamesake);
    }

    // Two that were joining took each other for the senior by their addresses, and the one that had been there first gave way, too.
    [Theory]
    [InlineData(MemberStatus.Joining, false)]
    [InlineData(MemberStatus.WeaklyUp, false)]
    [InlineData(MemberStatus.Up, true)]
    [InlineData(MemberStatus.Leaving, true)]
    public void Should_give_way_to_nobody_who_has_not_come_up(MemberStatus status, bool givesWay)
    {
        var table = Table(Member("a", 1, 2) with { Status = MemberStatus.Joining }, Member("a", 2, 0) with { Status = status }, Member("b", 3, 1) with { Status = status })
            .Heard(Hello("a", 2), At(2).Address)!.Heard(Hello("b", 3), At(3).Address)!;
        Assert.Equal(givesWay, table.SeniorNamesake is not null);
        Assert.All(table.Peers(), peer => Assert.Equal(givesWay, peer.IsSenior));
        Assert.Equal(status is not MemberStatus.Leaving, table.Peers().Any());
    }

    [Fact]
    public void Should_list_the_first_of_a_name_when_two_have_it() =>
        Assert.Equal(At(3).Address, Entry(Table(Member("a", 1, 0), Member("b", 2, 2), Member("b", 3, 1)), "b").Address);

    private static UniqueAddress At(int number) => new(new Address("akka.tcp", "bitark", "127.0.0.1", 4000 + number), number);

    private static MemberFacts Member(string name, int number, int rank) => new(At(number), new NodeId(name), MemberStatus.Up, rank, IsReachable: true);

    private static MembershipTable Table(params MemberFacts[] members) => new MembershipTable(Self).Seen(members);

    private static NodeHello Hello(string name, int uid) => new(new NodeId(name), uid, 1, Guid.Empty, "", "", 3, Layouts.Terms, null);

    private static DirectoryEntry Entry(MembershipTable table, string name) => table.Entries(Hello("a", 1)).Single(entry => entry.Name.Name == name);
}
