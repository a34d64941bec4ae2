using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Tests.Creation;

public sealed class CreationRulesSpecs
{
    private static readonly ClusterId Fresh = new(new Guid("ffffffffffffffffffffffffffffffff"));

    [Fact]
    public void Should_wait_and_say_for_whom_when_an_expected_node_is_missing() =>
        Assert.Equal(new CreationDecision.Wait("waiting for nodes: have node1, node2; want 3"), Decide(Layouts.Node(2), Layouts.Node(1)));

    [Fact]
    public void Should_propose_when_all_are_here_and_empty_and_this_is_the_lowest_name() =>
        Assert.Equal(new CreationDecision.Agree(Layouts.Three(Fresh, LayoutStage.Proposed)), Decide(Layouts.Node(1), Layouts.Node(3), Layouts.Node(2)));

    [Fact]
    public void Should_leave_proposing_to_the_lowest_name_when_all_are_here_and_empty() =>
        Assert.Contains("waiting for node1 to propose", Waits(Layouts.Node(2), Layouts.Node(1), Layouts.Node(3)), StringComparison.Ordinal);

    [Fact]
    public void Should_create_nothing_when_there_are_more_nodes_than_expected() =>
        Assert.Contains("too many nodes", Waits(Layouts.Node(1), Layouts.Node(2), Layouts.Node(3), Layouts.Node(4)), StringComparison.Ordinal);

    [Fact]
    public void Should_create_nothing_when_settings_differ()
    {
        var other = Layouts.Node(3) with { Terms = Layouts.Terms with { Partitions = 4 } };
        Assert.Contains("at node3 bitark.partitions is 4, not 8", Waits(Layouts.Node(1), Layouts.Node(2), other), StringComparison.Ordinal);
        Assert.Contains("bitark.cluster.expected-nodes is 4, not 3", Waits(Layouts.Node(1), Layouts.Node(2), Layouts.Node(3) with { ExpectedNodes = 4 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_agree_when_the_lowest_name_has_proposed() =>
        Assert.Equal(
            new CreationDecision.Agree(Layouts.Three(Layouts.A, LayoutStage.Proposed)),
            Decide(Layouts.Node(2), Layouts.Node(1, Layouts.Three(Layouts.A, LayoutStage.Proposed)), Layouts.Node(3)));

    [Fact]
    public void Should_not_agree_while_empty_when_a_node_is_away_that_may_have_created_the_cluster() =>
        Assert.Contains("node1 may know", Waits(Layouts.Node(3), Layouts.Node(2, Layouts.Three(Layouts.A, LayoutStage.Proposed))), StringComparison.Ordinal);

    [Fact]
    public void Should_bind_only_when_the_proposal_is_durable_on_all()
    {
        var proposed = Layouts.Three(Layouts.A, LayoutStage.Proposed);
        Assert.Contains("node3 must still agree", Waits(Layouts.Node(1, proposed), Layouts.Node(2, proposed), Layouts.Node(3)), StringComparison.Ordinal);
        Assert.Contains("node3 must still agree", Waits(Layouts.Node(1, proposed), Layouts.Node(2, proposed)), StringComparison.Ordinal);
        Assert.Equal(
            new CreationDecision.Agree(Layouts.Three(Layouts.A, LayoutStage.Created)),
            Decide(Layouts.Node(1, proposed), Layouts.Node(2, proposed), Layouts.Node(3, proposed)));
        Assert.Contains("waiting for node1 to complete", Waits(Layouts.Node(2, proposed), Layouts.Node(1, proposed), Layouts.Node(3, proposed)), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_complete_an_interrupted_creation_when_some_have_it_and_some_are_empty()
    {
        var proposed = Layouts.Three(Layouts.A, LayoutStage.Proposed);
        Assert.Equal(new CreationDecision.Agree(proposed), Decide(Layouts.Node(1), Layouts.Node(2, proposed), Layouts.Node(3)));
    }

    [Fact]
    public void Should_take_the_highest_id_when_proposals_differ()
    {
        var (a, b) = (Layouts.Three(Layouts.A, LayoutStage.Proposed), Layouts.Three(Layouts.B, LayoutStage.Proposed));
        Assert.Equal(new CreationDecision.Agree(b), Decide(Layouts.Node(2, a), Layouts.Node(1, b), Layouts.Node(3)));
        Assert.Contains("must still agree", Waits(Layouts.Node(1, b), Layouts.Node(2, a), Layouts.Node(3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_be_a_founder_when_it_had_agreed_before_the_layout_was_binding() =>
        Assert.Equal(
            new CreationDecision.Agree(Layouts.Three(Layouts.A, LayoutStage.Created)),
            Decide(Layouts.Node(2, Layouts.Three(Layouts.A, LayoutStage.Proposed)), Layouts.Node(1, Layouts.Three(Layouts.A, LayoutStage.Created))));

    [Theory]
    [InlineData(LayoutStage.Created)]
    [InlineData(LayoutStage.Joined)]
    public void Should_join_when_it_is_empty_and_the_layout_is_binding(LayoutStage stage) =>
        Assert.Equal(
            new CreationDecision.Agree(Layouts.Three(Layouts.A, LayoutStage.Joined)),
            Decide(Layouts.Node(2), Layouts.Node(3, Layouts.Three(Layouts.A, stage))));

    [Fact]
    public void Should_join_when_it_had_agreed_to_another_proposal() =>
        Assert.Equal(
            new CreationDecision.Agree(Layouts.Three(Layouts.A, LayoutStage.Joined)),
            Decide(Layouts.Node(2, Layouts.Three(Layouts.B, LayoutStage.Proposed)), Layouts.Node(3, Layouts.Three(Layouts.A, LayoutStage.Created))));

    [Fact]
    public void Should_refuse_and_name_the_nodes_when_the_layout_does_not_name_this_one() =>
        Assert.Contains("node1, node2, node3", Refusal(Layouts.Node(4), Layouts.Node(1, Layouts.Three(Layouts.A, LayoutStage.Created))), StringComparison.Ordinal);

    [Fact]
    public void Should_refuse_when_its_settings_do_not_fit_the_layout() =>
        Assert.Contains(
            "bitark.wal.segment-bytes is 65536, not 67108864",
            Refusal(Layouts.Node(2) with { Terms = Layouts.Terms with { SegmentBytes = 65536 } }, Layouts.Node(1, Layouts.Three(Layouts.A, LayoutStage.Created))),
            StringComparison.Ordinal);

    [Fact]
    public void Should_name_both_clusters_when_it_meets_two()
    {
        var refusal = Refusal(Layouts.Node(2), Layouts.Node(1, Layouts.Three(Layouts.A, LayoutStage.Created)), Layouts.Node(3, Layouts.Three(Layouts.B, LayoutStage.Joined)));
        Assert.Contains(Layouts.A.ToString(), refusal, StringComparison.Ordinal);
        Assert.Contains(Layouts.B.ToString(), refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_leave_only_the_later_one_when_two_clusters_meet()
    {
        var (a, b) = (Layouts.Three(Layouts.A, LayoutStage.Created), Layouts.Three(Layouts.B, LayoutStage.Created));
        var refusal = Refusal(Layouts.Node(2, b), Layouts.Node(1, a, isSenior: true));
        Assert.Contains(Layouts.A.ToString(), refusal, StringComparison.Ordinal);
        Assert.Contains(Layouts.B.ToString(), refusal, StringComparison.Ordinal);
        Assert.Equal(new CreationDecision.Settled(), Decide(Layouts.Node(1, a), Layouts.Node(2, b)));
    }

    [Fact]
    public void Should_need_nobody_when_the_layout_is_binding_here() =>
        Assert.Equal(new CreationDecision.Settled(), Decide(Layouts.Node(2, Layouts.Three(Layouts.A, LayoutStage.Created))));

    private static CreationDecision Decide(NodeFacts self, params NodeFacts[] others) => CreationRules.Decide(self, others, Fresh);

    private static string Waits(NodeFacts self, params NodeFacts[] others) => Assert.IsType<CreationDecision.Wait>(Decide(self, others)).Text;

    private static string Refusal(NodeFacts self, params NodeFacts[] others) => Assert.IsType<CreationDecision.Refuse>(Decide(self, others)).Reason;
}
