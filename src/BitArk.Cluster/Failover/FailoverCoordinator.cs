using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Serialization;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Failover;

/// <summary>
/// Gives every partition its leader. One per cluster as a rule: a singleton on the oldest node; but two at once are normal for a while,
/// and harmless, since a majority of durable promises decides. It keeps nothing: what must outlast it is in the replicas' promises, and
/// the rest it hears again. <see cref="PartitionFailover"/> decides; this only asks, hears and sends.
/// </summary>
internal sealed partial class FailoverCoordinator : ReceiveActor, IWithTimers
{
    private readonly CoordinatorEnvironment _environment;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private readonly Guid _proposer = Guid.NewGuid();
    private readonly LeadershipCosts _costs;
    private readonly LeadershipBalance _balance;
    private readonly Dictionary<PartitionId, PartitionFailover> _partitions = [];
    private readonly IReadOnlyList<NodeId> _nodes;
    private readonly Dictionary<NodeId, (IActorRef Reporter, long Sequence)> _heard = [];
    private readonly Dictionary<NodeId, bool> _reachable = [];
    private long _hellos;

    public FailoverCoordinator(CoordinatorEnvironment environment)
    {
        _environment = environment;
        _costs = new LeadershipCosts(environment.Self);
        _balance = new LeadershipBalance(environment.RebalanceAfter, _costs);
        _nodes = [.. environment.Partitions.Values.SelectMany(replicas => replicas.Members).Distinct()];
        foreach (var (partition, replicas) in environment.Partitions)
        {
            var failover = new PartitionFailover(partition, replicas, environment.Timing.Failover, _proposer, _costs.Of, environment.Random, Now);
            _partitions.Add(partition, failover);
            _costs.Add(failover);
            _balance.Add(failover);
        }

        Receive<FailoverProtocol.Tick>(_ => OnTick());
        Receive<FailoverProtocol.Greet>(_ => Greet());
        Receive<NodeReport>(OnReport);
        Receive<Promise>(OnPromise);
        Receive<PrepareRefused>(OnRefused);
        Receive<HandOverReady>(OnHandOverReady);
        Receive<TransferLeaderOrder>(OnOrder);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _environment.Time.GetElapsedTime(0);

    public static Props Props(CoordinatorEnvironment environment) => Akka.Actor.Props.Create(() => new FailoverCoordinator(environment));

    protected override void PreStart()
    {
        FailoverCounters.Began();
        _logger.Info("Node {0} coordinates the leaderships of {1} partitions from now on, as proposer {2}.", _environment.Self, _partitions.Count, _proposer);
        LookAround();
        Greet();
        Timers.StartPeriodicTimer("tick", FailoverProtocol.Tick.Instance, _environment.Timing.Tick);
        Timers.StartPeriodicTimer("greet", FailoverProtocol.Greet.Instance, _environment.Timing.Hello);
    }

    protected override void PostStop()
    {
        FailoverCounters.Ended();
        _logger.Info("Node {0} coordinates no longer.", _environment.Self);
    }

    private void Greet()
    {
        var hello = new CoordinatorHello(_environment.Cluster, _proposer, _environment.Self, ++_hellos);
        foreach (var node in _environment.Contacts.Members)
            _environment.Contacts.ReporterAt(node)?.Tell(hello, Self);
    }

    private void OnTick()
    {
        LookAround();
        foreach (var partition in _partitions.Values)
        {
            HandOverOfLeaving(partition);
            Act(partition);
        }

        SpreadAgain();
    }

    // Unreachable is enough to act on, right or wrong: the promises make it safe.
    private void LookAround()
    {
        foreach (var node in _nodes)
        {
            var isReachable = _environment.Contacts.IsReachable(node);
            if (_reachable.TryGetValue(node, out var before) && before == isReachable)
                continue;
            _reachable[node] = isReachable;
            foreach (var partition in _partitions.Values.Where(partition => partition.Replicas.Contains(node)))
                partition.OnReachability(node, isReachable);
        }
    }

    private void OnReport(NodeReport report)
    {
        if (report.Cluster != _environment.Cluster || !IsNews(report))
            return;
        _costs.OnLeaving(report.Node, report.IsLeaving);
        foreach (var (id, replica) in report.Rows)
        {
            if (!_partitions.TryGetValue(id, out var partition))
                continue;
            partition.OnReport(report.Node, replica, Now);
            HandOverOfLeaving(partition);
            Act(partition);
        }
    }

    // Each start of a reporter is another actor, and counts anew.
    private bool IsNews(NodeReport report)
    {
        if (!_environment.Contacts.IsAt(report.Node, Sender))
        {
            WireCounters.Count(WireRefusal.UnknownSender);
            _logger.Debug("Ignored a report of {0}, which is not known to be at {1}.", report.Node, Sender.Path.Address);
            return false;
        }

        if (_heard.TryGetValue(report.Node, out var last) && last.Reporter.Equals(Sender) && last.Sequence >= report.Sequence)
            return false;
        _heard[report.Node] = (Sender, report.Sequence);
        return true;
    }

    private void OnPromise(Promise promise)
    {
        if (Find(promise) is not { } partition)
            return;
        partition.OnPromise(promise, Now);
        Act(partition);
    }

    private void OnRefused(PrepareRefused refused)
    {
        if (Find(refused) is not { } partition)
            return;
        if (refused.Epoch == partition.Underway && refused.Proposer == _proposer)
            TellRefused(partition, refused);
        partition.OnRefused(refused, Now);
        Act(partition);
    }

    private void OnHandOverReady(HandOverReady ready)
    {
        if (Find(ready) is not { } partition)
            return;
        partition.OnHandOverReady(ready, Now);
        Act(partition);
    }

    private PartitionFailover? Find(ReplicationMessage message) =>
        message.Cluster == _environment.Cluster ? _partitions.GetValueOrDefault(message.Partition) : null;

    private void Act(PartitionFailover partition)
    {
        foreach (var command in partition.Next(Now))
            Do(partition, command);
        while (partition.TryTake(out var result))
            OnResult(partition, result);
        TellState(partition);
    }

    private void Do(PartitionFailover partition, FailoverCommand command)
    {
        var (cluster, id) = (_environment.Cluster, partition.Partition);
        switch (command)
        {
            case FailoverCommand.Propose propose:
                TellPropose(partition, propose);
                foreach (var node in propose.To)
                    Send(node, new Prepare(cluster, id, propose.Epoch, _proposer, _environment.Self));
                break;
            case FailoverCommand.Appoint appoint:
                TellAppoint(partition, appoint);
                Send(appoint.Leader, new Lead(cluster, id, appoint.Epoch, _proposer, appoint.Leader, appoint.Lease));
                break;
            case FailoverCommand.AskToHandOver ask:
                Send(ask.Leader, new HandOver(cluster, id, ask.Epoch, ask.To));
                break;
        }
    }

    private void Send(NodeId node, ReplicationMessage message) => _environment.Routes.PartitionAt(node, message.Partition)?.Tell(message, Self);
}
