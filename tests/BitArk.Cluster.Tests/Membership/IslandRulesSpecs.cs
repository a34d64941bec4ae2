using BitArk.Cluster.Membership;
using BitArk.Cluster.Tests.Creation;

namespace BitArk.Cluster.Tests.Membership;

public sealed class IslandRulesSpecs
{
    [Theory]
    [InlineData(0, 4.9, false, false)]
    [InlineData(0, 5, false, true)]
    [InlineData(1, 9.9, false, false)]
    [InlineData(1, 10, false, true)]
    [InlineData(2, 14.9, false, false)]
    [InlineData(2, 15, false, true)]
    [InlineData(0, 100, true, false)]
    [InlineData(-1, 1000, false, false)]
    public void Should_begin_a_cluster_one_place_after_the_other_when_no_seed_is_in_one(int place, double waited, bool isAnySeedMember, bool forms) =>
        Assert.Equal(forms, IslandRules.MayForm(place, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(waited), isAnySeedMember));

    [Theory]
    [InlineData(1, "a", 2, "b", true, "fewer members")]
    [InlineData(2, "a", 1, "b", false, "more members")]
    [InlineData(1, "b", 1, "a", true, "as many, and the higher address")]
    [InlineData(1, "a", 1, "b", false, "as many, and the lower address")]
    [InlineData(1, "a", 2, "a", false, "the same, seen differently")]
    [InlineData(0, "", 2, "a", false, "in none: it is joining")]
    [InlineData(2, "a", 0, "", false, "the other is joining")]
    public void Should_give_way_when_its_own_is_the_lesser_one(int ownMembers, string own, int otherMembers, string other, bool givesWay, string why)
    {
        var decision = IslandRules.Decide(View(own, ownMembers), View(other, otherMembers));
        Assert.True(givesWay == decision is IslandDecision.GiveWay, why);
    }

    [Fact]
    public void Should_let_exactly_one_of_two_give_way_whatever_they_are()
    {
        IslandId[] islands = [new("a", 1, 1), new("a", 1, 2), new("a", 2, 1), new("b", 1, 1)];
        foreach (var (one, two) in islands.SelectMany(one => islands.Select(two => (one, two))).Where(pair => pair.one != pair.two))
        {
            foreach (var (first, second) in ((int, int)[])[(1, 1), (1, 2), (2, 1)])
            {
                var (here, there) = (View(one, first), View(two, second));
                Assert.Single([IslandRules.Decide(here, there), IslandRules.Decide(there, here)], decision => decision is IslandDecision.GiveWay);
            }
        }
    }

    [Fact]
    public void Should_stay_apart_when_they_hold_the_data_of_two_clusters()
    {
        var (own, other) = (View("a", 1) with { Cluster = Layouts.A }, View("b", 5) with { Cluster = Layouts.B });
        Assert.Equal(IslandDecision.Foreign, IslandRules.Decide(own, other));
        Assert.Equal(IslandDecision.GiveWay, IslandRules.Decide(own, other with { Cluster = null }));
        Assert.Equal(IslandDecision.GiveWay, IslandRules.Decide(own with { Cluster = null }, other));
    }

    [Theory]
    [InlineData(1, 3, true, true)]
    [InlineData(2, 3, false, false)]
    [InlineData(2, 4, true, false)]
    [InlineData(2, 4, false, true)]
    [InlineData(3, 3, true, false)]
    public void Should_be_cut_off_when_it_is_not_in_the_half_that_counts(int members, int nodes, bool hasFirst, bool isCutOff) =>
        Assert.Equal(isCutOff, IslandRules.IsCutOff(members, nodes, hasFirst));

    private static IslandView View(string host, int members) => View(host.Length == 0 ? IslandId.None : new IslandId(host, 1, 1), members);

    private static IslandView View(IslandId island, int members) => new(1, null, island, members, IsAnswer: false);
}
