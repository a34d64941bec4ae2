using BitArk.Replication.Failover;
using BitArk.Replication.Messages;
using CsCheck;

namespace BitArk.Replication.Tests.Failover;

/// <summary>The one copy that is left, by an operator's word.</summary>
public sealed class AcceptedLossRulesSpecs
{
    private static readonly NodeId[] Nodes = [.. "abcde".Select(name => new NodeId(name.ToString()))];

    // Members; whom it has admitted; who said that it has no vote; who asks now.
    [Theory]
    [InlineData(2, "", "", "b", true)]
    [InlineData(3, "", "", "b", true)]
    [InlineData(3, "", "", "c", true)]
    [InlineData(3, "b", "bc", "c", false)]
    [InlineData(3, "b", "", "b", false)]
    [InlineData(3, "", "", "a", false)]
    [InlineData(3, "", "", "z", false)]
    [InlineData(4, "", "", "b", true)]
    [InlineData(4, "b", "", "c", false)]
    [InlineData(4, "b", "bcd", "c", true)]
    [InlineData(5, "", "", "b", true)]
    [InlineData(5, "b", "bc", "c", false)]
    [InlineData(5, "b", "bcd", "c", false)]
    [InlineData(5, "b", "bcde", "c", true)]
    [InlineData(5, "b", "de", "c", true)]
    [InlineData(5, "bc", "bcde", "d", false)]
    public void Should_admit_only_as_many_as_stay_below_a_majority_without_it(int members, string admitted, string voteless, string asks, bool expected)
    {
        var rules = Rules(members, admitted);
        foreach (var name in voteless)
            rules.OnAck(Ack(Node(name), isLearner: true));

        Assert.Equal(expected, rules.MayAdmit(Node(asks[0])));
    }

    [Fact]
    public void Should_serve_who_was_admitted_or_has_a_vote_and_nobody_else()
    {
        var rules = Rules(5, "b");
        rules.OnAck(Ack(Nodes[2], isLearner: false));
        rules.OnAck(Ack(Nodes[3], isLearner: true));
        Assert.Equal([false, true, true, false, false], Nodes.Select(rules.Serves));
        Assert.False(rules.MayAdmit(Nodes[2]));
    }

    [Theory]
    [InlineData(2, "b", true)]
    [InlineData(3, "", false)]
    [InlineData(3, "b", true)]
    [InlineData(3, "c", true)]
    [InlineData(5, "b", false)]
    [InlineData(5, "be", true)]
    [InlineData(3, "az", false)]
    public void Should_be_over_when_with_it_so_many_vote_that_they_are_a_majority(int members, string voters, bool expected)
    {
        var rules = Rules(members, "");
        foreach (var name in voters)
            rules.OnAck(Ack(Node(name), isLearner: false));

        Assert.Equal(expected, rules.IsOver);
    }

    [Fact]
    public void Should_not_count_a_vote_that_was_lost_again()
    {
        var rules = Rules(3, "b");
        rules.OnAck(Ack(Nodes[1], isLearner: false));
        rules.OnAck(Ack(Nodes[1], isLearner: true));
        Assert.False(rules.IsOver);
        rules.OnAck(Ack(Nodes[1], isLearner: false) with { IsDamaged = true });
        Assert.False(rules.IsOver);
    }

    // What the whole rests on, over any order of questions, acks and restarts: without this replica no majority can vote, as long as the operator was right.
    [Fact]
    public void Should_never_let_so_many_vote_that_they_are_a_majority_without_it() =>
        Gen.Select(Gen.Int[2, 5], Gen.Int[0, 4], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4]).Array[0, 40]).Sample((members, sound, steps) =>
        {
            var set = Set(members);
            var self = set.Members[0];
            var voters = set.Members.Skip(1).Take(Math.Min(sound, set.Majority - 2)).ToHashSet();
            var admitted = new List<NodeId>();
            var rules = new AcceptedLossRules(set, self, admitted);
            foreach (var (what, who) in steps)
            {
                var node = set.Members[who % members];
                if (node == self)
                    continue;
                switch (what)
                {
                    case 0 when rules.MayAdmit(node):
                        admitted.Add(node);
                        rules.Admit(node);
                        break;
                    case 1:
                        rules.OnAck(Ack(node, isLearner: !voters.Contains(node)));
                        break;
                    case 2 when rules.Serves(node):
                        voters.Add(node);
                        break;
                    case 3:
                        rules = new AcceptedLossRules(set, self, admitted);
                        break;
                }

                if (voters.Count >= set.Majority)
                    return false;
                if (rules.IsOver)
                    return voters.Count + 1 >= set.Majority;
            }

            return true;
        });

    private static AcceptedLossRules Rules(int members, string admitted) => new(Set(members), Nodes[0], admitted.Select(Node));

    private static ReplicaSet Set(int members) => new(Nodes.Take(members));

    private static NodeId Node(char name) => new(name.ToString());

    private static Ack Ack(NodeId from, bool isLearner) => Known.Ack(null, isLearner: isLearner, from: from);
}
