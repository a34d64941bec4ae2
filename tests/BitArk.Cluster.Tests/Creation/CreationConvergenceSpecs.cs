using BitArk.Cluster.Creation;
using CsCheck;

namespace BitArk.Cluster.Tests.Creation;

/// <summary>Three nodes that hear of each other late, in any order or not at all, and crash in between.</summary>
public sealed class CreationConvergenceSpecs
{
    private static readonly Gen<(int Action, int Node, int Other)[]> Schedules = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 2]).Array[0, 80];

    // Long, and rarely a fault: a disk is lost when something was on it.
    private static readonly Gen<(int Action, int Node, int Other)[]> LongSchedules = Gen.Select(
        Gen.Int[0, 39].Select(action => action switch { < 20 => 0, < 38 => 5, 38 => 8, _ => 9 }), Gen.Int[0, 2], Gen.Int[0, 2]).Array[100, 300];

    [Fact]
    public void Should_end_as_one_cluster_when_nodes_crash_and_the_one_that_proposes_loses_its_disk_again_and_again() => Schedules.Sample(schedule => Run(schedule, wiped: 0));

    [Fact]
    public void Should_end_as_one_cluster_when_nodes_crash_and_any_one_of_them_loses_its_disk_again_and_again() =>
        Gen.Select(LongSchedules, Gen.Int[0, 2]).Sample((schedule, wiped) => Run(schedule, wiped), iter: 10_000);

    private static void Run((int Action, int Node, int Other)[] schedule, int wiped)
    {
        var nodes = new Model();
        foreach (var (action, node, other) in schedule)
        {
            if (action < 5)
                nodes.Hear(node, other);
            else if (action < 8)
                nodes.Step(node);
            else if (action == 8)
                nodes.Crash(node);
            else
                nodes.Wipe(wiped);

            Assert.True(nodes.Bindings.Count() <= 1, "Two clusters were made.");
            Assert.False(nodes.HasForgetfulFounder, "A node that lost what it had counts as one that had nothing.");
        }

        for (var round = 0; round < 8; round++)
            nodes.ExchangeAll();

        Assert.Single(nodes.Bindings);
        Assert.True(nodes.AllBound, "A node is still waiting.");
        Assert.False(nodes.HasForgetfulFounder, "A node that lost what it had counts as one that had nothing.");
    }

    private sealed class Model
    {
        private const int Count = 3;
        private readonly ClusterMeta?[] _durable = new ClusterMeta?[Count];
        private readonly NodeFacts?[,] _heard = new NodeFacts?[Count, Count];
        private int _ids;
        private int _wiped;
        private bool _hasLost;

        public bool HasForgetfulFounder => _hasLost && _durable[_wiped] is { Stage: LayoutStage.Created };

        public IEnumerable<ClusterLayout> Bindings => _durable.Where(meta => meta is { IsBinding: true }).Select(meta => meta!.Layout).Distinct();

        public bool AllBound => _durable.All(meta => meta is { IsBinding: true });

        public void Hear(int node, int other) => _heard[node, other] = node == other ? null : Facts(other);

        public void Step(int node)
        {
            var others = Enumerable.Range(0, Count).Select(other => _heard[node, other]).OfType<NodeFacts>().ToList();
            var fresh = new ClusterId(new Guid((_ids++ * 7919) % 1000, 0, 0, new byte[8]));
            switch (CreationRules.Decide(Facts(node), others, fresh))
            {
                case CreationDecision.Agree agree:
                    _durable[node] = agree.Meta;
                    break;
                case CreationDecision.Refuse refuse:
                    Assert.Fail(refuse.Reason);
                    break;
            }
        }

        public void Crash(int node)
        {
            for (var other = 0; other < Count; other++)
                _heard[node, other] = _heard[other, node] = null;
        }

        // Alone it can have acknowledged nothing.
        public void Wipe(int node)
        {
            Crash(node);
            _hasLost |= _durable[node] is { IsBinding: true } && _durable.Count(meta => meta is { IsBinding: true }) > 1;
            _durable[node] = null;
            _wiped = node;
        }

        public void ExchangeAll()
        {
            for (var node = 0; node < Count; node++)
            {
                for (var other = 0; other < Count; other++)
                    Hear(node, other);

                Step(node);
            }
        }

        private NodeFacts Facts(int node) => Layouts.Node(node + 1, _durable[node]);
    }
}
