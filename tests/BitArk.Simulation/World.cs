using BitArk.Simulation.Checks;
using BitArk.Simulation.Clients;
using BitArk.Simulation.Engine;
using BitArk.Simulation.Faults;
using BitArk.Simulation.Faults.Scenarios;
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
        Scenario = Scenario.Of(seed, this);
        Settings = Scenario.Bend(SimSettings.Draw(Random));
        Cluster = new ClusterId(Random.NextGuid());
        Network = new SimNetwork(Queue, Random, Trace, Counters, Settings.Nodes) { Arrived = (from, to, frame) => Nodes![to].Arrive(from, frame) };
        Nodes = [.. Enumerable.Range(0, Settings.Nodes).Select(index => new SimNode(this, index))];
        Replicas = new Replication.ReplicaSet(Nodes.Select(node => node.Id));
        Nemesis = new Nemesis(this);
        Clients = new SimClients(this);
        Readers = new SimReaders(this);
        Safety = new Safety(this);
    }

    public Plant Plant { get; }

    public SimRandom Random { get; }

    public EventQueue Queue { get; }

    public Trace Trace { get; }

    public Counters Counters { get; } = new();

    public Scenario Scenario { get; }

    public SimSettings Settings { get; }

    public ClusterId Cluster { get; }

    public Replication.ReplicaSet Replicas { get; }

    public SimNetwork Network { get; }

    public IReadOnlyList<SimNode> Nodes { get; }

    public Nemesis Nemesis { get; }

    public SimClients Clients { get; }

    public SimReaders Readers { get; }

    public Safety Safety { get; }

    /// <summary>Whether ended processes are started again at once.</summary>
    public bool IsHealing { get; set; }

    /// <summary>What one node's data directory says of itself.</summary>
    public NodeMeta MetaOf(SimNode node) => new(
        Cluster,
        new Guid(node.Index + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
        new CreationSettings(node.Id.Name, 1, Settings.Nodes, SimSettings.SegmentBytes, 8, 64 << 10));

    /// <summary>The index of a node by its name.</summary>
    public int IndexOf(NodeId id) => Nodes.First(node => node.Id == id).Index;

    /// <summary>The cluster's membership looks from time to time: a coordinator that is gone is replaced, and of two one ends.</summary>
    public void Watch() => Queue.After(TimeSpan.FromMilliseconds(Random.Between(50, 400)), () =>
    {
        var coordinators = Nodes.Where(node => node.Coordinator is not null).ToList();
        if (coordinators.Count == 0)
            Random.Pick(Nodes).Coordinate();
        else if (coordinators.Count > 1 && (IsHealing || Random.Chance(0.2)))
            Random.Pick(coordinators).EndCoordinator();
        Watch();
    });

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
