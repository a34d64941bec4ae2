using BitArk.Replication.Failover;
using BitArk.Replication.Messages;
using BitArk.Simulation.Engine;

namespace BitArk.Simulation.Replicas;

/// <summary>
/// A coordinator inside one process: what the product's FailoverCoordinator does. Knows what it was told since it began, and is
/// gone with its process. There may be two at once, and none for a while.
/// </summary>
internal sealed class SimCoordinator
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    private readonly World _world;
    private readonly SimNode _node;
    private readonly Guid _proposer;
    private readonly PartitionFailover _failover;
    private readonly List<NodeId> _promised = [];
    private bool _isOver;

    public SimCoordinator(World world, SimNode node)
    {
        _world = world;
        _node = node;
        _proposer = world.Random.NextGuid();
        _failover = new PartitionFailover(
            World.Partition, world.Replicas, world.Settings.Failover, _proposer, replica => replica == node.Id ? 1 : 0, new SystemRandom(world.Random), Now);
        world.Counters.Coordinators++;
        world.Trace.Add(node.Index, "coordinates");
        Tick();
    }

    private TimeSpan Now => _world.Queue.Now;

    /// <summary>It does nothing any more.</summary>
    public void End() => _isOver = true;

    /// <summary>A replica says how it is.</summary>
    public void OnReport(int from, in ReplicaReport report)
    {
        _failover.OnReport(_world.Nodes[from].Id, report, Now);
        Act();
    }

    /// <summary>The failure detector's opinion, right or wrong.</summary>
    public void OnReachability(NodeId node, bool isReachable)
    {
        _failover.OnReachability(node, isReachable);
        Act();
    }

    /// <summary>An operator wants another leader.</summary>
    public void HandOver(NodeId to)
    {
        if (_failover.HandOver(to, Now) == HandOverAnswer.Accepted)
            _world.Counters.HandOvers++;
        Act();
    }

    /// <summary>The leader says that the wanted replica has everything.</summary>
    public void OnHandOverReady(HandOverReady ready)
    {
        _failover.OnHandOverReady(ready, Now);
        Act();
    }

    /// <summary>A replica answered.</summary>
    public void OnPromise(Promise promise)
    {
        if (_failover.Underway == promise.Epoch && promise.Proposer == _proposer)
            _promised.Add(promise.From);
        // Planted: only the length of the logs is compared.
        _failover.OnPromise(_world.Plant == Plant.ChoiceByLength ? promise with { LastEpoch = new Epoch(1) } : promise, Now);
        Act();
    }

    /// <summary>A replica refused.</summary>
    public void OnRefused(PrepareRefused refused)
    {
        _failover.OnRefused(refused, Now);
        Act();
    }

    private void Tick()
    {
        if (_isOver)
            return;
        Act();
        _node.After(Interval, Tick);
    }

    private void Act()
    {
        if (_isOver)
            return;
        foreach (var command in _failover.Next(Now))
        {
            switch (command)
            {
                case FailoverCommand.Propose propose:
                    Propose(propose);
                    break;
                case FailoverCommand.Appoint appoint:
                    Appoint(appoint);
                    break;
                case FailoverCommand.AskToHandOver ask:
                    Send(ask.Leader, new HandOver(_world.Cluster, World.Partition, ask.Epoch, ask.To));
                    break;
            }
        }

        while (_failover.TryTake(out var result))
            Note(result);
    }

    private void Note(FailoverResult result)
    {
        if (result is FailoverResult.Led { Reason: FailoverReason.HandOver })
            _world.Counters.HandedOver++;
        _world.Trace.Say(_node.Index, $"{result}");
    }

    private void Propose(FailoverCommand.Propose propose)
    {
        _promised.Clear();
        foreach (var to in propose.To)
            Send(to, new Prepare(_world.Cluster, World.Partition, propose.Epoch, _proposer, _node.Id));
    }

    private void Appoint(FailoverCommand.Appoint appoint)
    {
        _world.Trace.Add(_node.Index, "appoints", appoint.Epoch.Value, _world.IndexOf(appoint.Leader));
        Send(appoint.Leader, Order(appoint, appoint.Leader));
        if (_world.Plant == Plant.TwoLeads && _promised.Find(node => node != appoint.Leader) is { Name.Length: > 0 } second)
            Send(second, Order(appoint, second));
    }

    private Lead Order(FailoverCommand.Appoint appoint, NodeId leader) =>
        new(_world.Cluster, World.Partition, appoint.Epoch, _proposer, leader, appoint.Lease);

    private void Send(NodeId to, ReplicationMessage message) => _world.Network.Send(_node.Index, _world.IndexOf(to), Network.Frames.Of(message));
}
