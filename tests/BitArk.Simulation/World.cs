using BitArk.Simulation.Checks;
using BitArk.Simulation.Clients;
using BitArk.Simulation.Engine;
using BitArk.Simulation.Faults;
using BitArk.Simulation.Network;
using BitArk.Simulation.Replicas;
using BitArk.Storage.Replica;

namespace BitArk.Simulation;

/// <summary>Everything that one run consists of.</summary>
internal sealed class World
{
    /// <summary>The one partition.</summary>
    public static readonly PartitionId Partition = new(0);

    public World(long seed, Plant plant, TextWriter? reader)
    {
        Plant = plant;
        Random = new SimRandom(seed);
        Queue = new EventQueue();
        Trace = new Trace(Queue, reader);
        Settings = SimSettings.Draw(Random);
        Cluster = new ClusterId(Random.NextGuid());
        Network = new SimNetwork(Queue, Random, Trace, Counters, Settings.Nodes) { Arrived = (from, to, frame) => Nodes![to].Arrive(from, frame) };
        Nodes = [.. Enumerable.Range(0, Settings.Nodes).Select(index => new SimNode(this, index))];
        Replicas = new Replication.ReplicaSet(Nodes.Select(node => node.Id));
        Nemesis = new Nemesis(this);
        Clients = new SimClients(this);
        Safety = new Safety(this);
        Configured = Nodes[0];
    }

    public Plant Plant { get; }

    public SimRandom Random { get; }

    public EventQueue Queue { get; }

    public Trace Trace { get; }

    public Counters Counters { get; } = new();

    public SimSettings Settings { get; }

    public ClusterId Cluster { get; }

    public Replication.ReplicaSet Replicas { get; }

    public SimNetwork Network { get; }

    public IReadOnlyList<SimNode> Nodes { get; }

    public Nemesis Nemesis { get; }

    public SimClients Clients { get; }

    public Safety Safety { get; }

    /// <summary>The node that is to lead.</summary>
    public SimNode Configured { get; private set; }

    /// <summary>Whether ended processes are started again at once.</summary>
    public bool IsHealing { get; set; }

    /// <summary>What one node's data directory says of itself.</summary>
    public NodeMeta MetaOf(SimNode node) => new(
        Cluster,
        new Guid(node.Index + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
        new CreationSettings(node.Id.Name, 1, Settings.Nodes, SimSettings.SegmentBytes, 8, 64 << 10));

    /// <summary>The index of a node by its name.</summary>
    public int IndexOf(NodeId id) => Nodes.First(node => node.Id == id).Index;

    /// <summary>The configured leader has less than another: an operator sees it in its log, and configures the other one.</summary>
    public void Outvoted(SimNode node, NodeId by) => Queue.After(TimeSpan.FromMilliseconds(Random.Between(50, 400)), () =>
    {
        if (Configured == node)
            Configure(Nodes[IndexOf(by)]);
    });

    /// <summary>
    /// The operator looks from time to time: a configured leader that cannot lead, because its disk is bad, is replaced by
    /// another node; one that merely does not is asked again.
    /// </summary>
    public void Watch() => Queue.After(TimeSpan.FromMilliseconds(Random.Between(200, 600)), () =>
    {
        if (!Nodes.Any(node => node.Replica is { IsServing: true }))
        {
            var able = Nodes.Where(node => node.Replica is { MayLead: true }).ToList();
            if (able.Contains(Configured))
            {
                var node = Configured;
                node.After(TimeSpan.Zero, () => node.Replica?.BeLeader());
            }
            else if (able.Count > 0)
                Configure(Random.Pick(able));
        }

        Watch();
    });

    /// <summary>Makes another node the one that is to lead, as an operator would; the one before is not told.</summary>
    public void Configure(SimNode node)
    {
        if (node == Configured)
            return;
        Trace.Add(-1, "configured leader", node.Index);
        Configured = node;
        node.After(TimeSpan.FromMilliseconds(1), () => node.Replica!.BeLeader());
    }

    /// <summary>A process has ended: it begins again after a while.</summary>
    public void NodeEnded(SimNode node) => Restart(node, IsHealing ? 20 : 500);

    private void Restart(SimNode node, int most) => Queue.After(TimeSpan.FromMilliseconds(Random.Between(1, most)), () =>
    {
        if (node.Replica is not null)
            return;
        if (node.IsHeldDown && !IsHealing)
            Restart(node, most);
        else
            node.Start();
    });
}
