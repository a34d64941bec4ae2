using BitArk.Cli.Replicas;
using BitArk.Cluster;

namespace BitArk.Cli.Tests.Replicas;

public sealed class ReplicaComparisonSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Should_find_them_the_same_at_the_end_of_the_leaders_log_when_all_agree()
    {
        var probe = new ScriptedProbe((_, at) => new DigestOutcome.Computed(at, 7));

        var verdict = await CompareAsync(probe, Patience);

        Assert.Equal(ReplicaVerdict.Same, verdict.Verdict);
        Assert.Equal([new Lsn(1000), new Lsn(1000), new Lsn(1000)], probe.Asked);
        Assert.Equal(["node2", "node1", "node3"], verdict.Replicas.Select(replica => replica.Node));
    }

    [Fact]
    public async Task Should_find_damage_when_one_differs_even_if_another_is_away()
    {
        var probe = new ScriptedProbe((node, at) => node switch
        {
            "node1" => new DigestOutcome.Unavailable("away"),
            "node2" => new DigestOutcome.Computed(at, 7),
            _ => new DigestOutcome.Computed(at, 8),
        });

        Assert.Equal(ReplicaVerdict.Differs, (await CompareAsync(probe, Patience)).Verdict);
    }

    [Fact]
    public async Task Should_not_compare_what_is_of_different_positions()
    {
        var probe = new ScriptedProbe((node, at) => new DigestOutcome.Computed(node == "node1" ? at.Plus(8) : at, node == "node1" ? 8UL : 7UL));

        Assert.Equal(ReplicaVerdict.Undecided, (await CompareAsync(probe, TimeSpan.Zero)).Verdict);
    }

    [Fact]
    public async Task Should_ask_further_ahead_when_a_replica_has_passed_the_position()
    {
        var probe = new ScriptedProbe((node, at) =>
            node == "node3" && at < new Lsn(200_000) ? new DigestOutcome.Passed(new Lsn(150_000)) : new DigestOutcome.Computed(at, 7));

        Assert.Equal(ReplicaVerdict.Same, (await CompareAsync(probe, Patience)).Verdict);
        Assert.Equal([1000, 1000 + (64 << 10), 1000 + (256 << 10)], probe.Asked.Distinct().Select(at => at.Value));
    }

    [Fact]
    public async Task Should_come_back_to_the_end_of_the_log_when_it_does_not_get_there()
    {
        var calls = 0;
        var probe = new ScriptedProbe((_, at) => ++calls <= 3 ? new DigestOutcome.Passed(at.Plus(8))
            : at > new Lsn(1000) ? new DigestOutcome.Unavailable("not reached in time") : new DigestOutcome.Computed(at, 7));

        Assert.Equal(ReplicaVerdict.Same, (await CompareAsync(probe, Patience)).Verdict);
        Assert.Equal(new Lsn(1000), probe.Asked[^1]);
    }

    [Fact]
    public async Task Should_be_undecided_when_nobody_leads()
    {
        var verdict = await CompareAsync(new ScriptedProbe((_, at) => new DigestOutcome.Computed(at, 7)) { Partition = null }, TimeSpan.Zero);

        Assert.Equal((ReplicaVerdict.Undecided, "nobody is known to lead it"), (verdict.Verdict, verdict.Note));
    }

    [Fact]
    public void Should_show_a_line_for_each_replica_and_for_each_partition_that_is_not_well()
    {
        var writer = new StringWriter { NewLine = "\n" };
        VerdictText.Write(
            [
                new PartitionVerdict(0, ReplicaVerdict.Same, "", [("node1", "leader", new DigestOutcome.Computed(new Lsn(64), 0xAB)), ("node2", "follower", new DigestOutcome.Computed(new Lsn(64), 0xAB))]),
                new PartitionVerdict(1, ReplicaVerdict.Differs, "", [("node2", "leader", new DigestOutcome.Computed(new Lsn(64), 0xAB)), ("node1", "follower", new DigestOutcome.Unavailable("away"))]),
                new PartitionVerdict(2, ReplicaVerdict.Undecided, "nobody is known to lead it", []),
            ],
            writer);

        Assert.Equal(
            """
            PARTITION  NODE   ROLE      POSITION  DIGEST            VERDICT
            0          node1  leader    0x40      00000000000000ab  same
            0          node2  follower  0x40      00000000000000ab  same
            1          node2  leader    0x40      00000000000000ab  DIFFERS
            1          node1  follower  -         away              DIFFERS
            2          -      -         -         -                 undecided

            partition 1: REPLICAS DIFFER
            partition 2: undecided: nobody is known to lead it
            1 of 3 partitions: all replicas are the same

            """,
            writer.ToString());
    }

    private static Task<PartitionVerdict> CompareAsync(ScriptedProbe probe, TimeSpan atMost) =>
        new ReplicaComparison(probe, TimeProvider.System).CompareAsync(0, atMost, CancellationToken.None);
}
