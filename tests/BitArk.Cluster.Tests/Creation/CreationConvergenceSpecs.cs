using BitArk.Cluster.Creation;
using CsCheck;

namespace BitArk.Cluster.Tests.Creation;

/// <summary>Three nodes that hear of each other late, in any order or not at all, and crash in between.</summary>
public sealed class CreationConvergenceSpecs
{
    private static readonly Gen<(int Action, int Node, int Other)[]> Schedules = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 2]).Array[0, 80];

    [Fact]
    public void Should_end_as_one_cluster_when_nodes_crash_and_one_of_them_loses_its_disk_again_and_again() => Schedules.Sample(schedule =>
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
                nodes.Wipe();

            Assert.True(nodes.Bindings.Count() <= 1, "Two clusters were made.");
        }

        for (var round = 0; round < 8; round++)
            nodes.ExchangeAll();

        Assert.Single(nodes.Bindings);
        Assert.True(nodes.AllBound, "A node is still waiting.");
    });

    private sealed class Model
    {
        private const int Count = 3;
        private readonly ClusterMeta?[] _durable = new ClusterMeta?[Count];
        private readonly NodeFacts?[,] _heard = new NodeFacts?[Count, Count];
        private int _ids;

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

        // Always the one that proposes.
        public void Wipe()
        {
            Crash(0);
            _durable[0] = null;
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
