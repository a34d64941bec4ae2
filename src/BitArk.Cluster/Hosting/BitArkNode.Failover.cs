using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using BitArk.Cluster.Creation;
using BitArk.Cluster.Failover;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Replication;
using BitArk.Replication.Failover;

namespace BitArk.Cluster;

// Leaderships that move: this node's part in it, and the coordinator, which runs on one node at a time.
public sealed partial class BitArkNode : ILeaderships
{
    // Beyond what a hand-over and a round may take; a coordinator that has not answered by then has ended.
    private static readonly TimeSpan TransferBound = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    private volatile IActorRef? _reporter;
    private volatile object? _coordinator;

    /// <inheritdoc/>
    ILeaderships? IReadStatusNode.Leaderships => _settings.Cluster.HasPeers ? this : null;

    /// <inheritdoc/>
    public NodeId? Coordinator => (NodeId?)_coordinator;

    /// <inheritdoc/>
    public async Task<TransferOutcome> TransferAsync(PartitionId partition, NodeId to, CancellationToken cancellation)
    {
        if (Layout is not { } layout || _reporter is not { } reporter)
            return Undone(TransferResult.NoCoordinator, partition);
        if (!layout.Hosts(to, partition))
            return Undone(TransferResult.NoReplica, partition);

        // A lone replica leads by itself, and no coordinator knows it.
        if (layout.ReplicasOf(partition).Members.Count == 1)
            return Undone(TransferResult.Done, partition);

        try
        {
            var answer = await reporter.Ask<TransferLeaderAnswer>(new TransferLeaderOrder(layout.ClusterId, partition, to), TransferBound, cancellation).ConfigureAwait(false);
            return new TransferOutcome(answer.Result, answer.Leader, answer.Epoch, answer.Unavailable);
        }
        catch (AskTimeoutException)
        {
            return Undone(TransferResult.NoCoordinator, partition);
        }
    }

    /// <summary>
    /// Before a graceful stop, while everything still runs: lets other replicas take over what this node leads, without a failed write.
    /// Ends when it leads nothing that another could lead, or when the time is over. Nothing is lost if it does not get so far: the
    /// others notice then that their leader is gone.
    /// </summary>
    public async Task HandOverLeadershipsAsync(TimeSpan atMost)
    {
        if (_reporter is not { } reporter || Layout is not { } layout || _failure.Task.IsCompleted || _system is not { WhenTerminated.IsCompleted: false } system)
            return;

        reporter.Tell(FailoverProtocol.Leave.Instance);
        using var deadline = new CancellationTokenSource(atMost);
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (_statuses.Any(status => CouldHandOver(status, layout)) && !system.WhenTerminated.IsCompleted)
                await timer.WaitForNextTickAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    // Without a majority beside this node's own voice nobody can take over, and waiting would only make the stop longer.
    private bool CouldHandOver(PartitionStatus status, ClusterLayout layout)
    {
        if (status.Report.Standing != ReplicaStanding.Leading)
            return false;
        var replicas = layout.ReplicasOf(status.Id);
        var others = replicas.Members.Count(member => member != _own.Name && Directory.Find(member) is { Presence: NodePresence.Up });
        return others > 0 && others + 1 >= replicas.Majority;
    }

    private TransferOutcome Undone(TransferResult result, PartitionId partition)
    {
        var leadership = _statuses[partition.Value].Leadership;
        return new TransferOutcome(result, leadership.Leader, leadership.Epoch, TimeSpan.Zero);
    }

    private void StartFailover(ActorSystem system, ClusterLayout layout)
    {
        FailoverCounters.Publish();
        var contacts = new ClusterContacts(system, _own.Name, layout, Directory);
        var timing = CoordinatorTiming.Of(_settings.Failover.Profile);
        var hosted = _statuses.Where(status => layout.Hosts(_own.Name, status.Id));
        _reporter = system.ActorOf(
            ReplicaReporter.Props(new ReporterEnvironment
            {
                Cluster = layout.ClusterId,
                Self = _own.Name,
                Replicas = [.. hosted],
                Contacts = contacts,
                Timing = timing,
                Time = _time,
                Heard = coordinator => _coordinator = coordinator,
            }),
            FailoverProtocol.ReporterName);
        var several = _statuses.Select(status => (status.Id, Replicas: layout.ReplicasOf(status.Id))).Where(partition => partition.Replicas.Members.Count > 1);
        var coordinator = FailoverCoordinator.Props(new CoordinatorEnvironment
        {
            Cluster = layout.ClusterId,
            Self = _own.Name,
            Partitions = several.ToDictionary(partition => partition.Id, partition => partition.Replicas),
            Routes = new ClusterRoutes(system, Directory),
            Contacts = contacts,
            Timing = timing,
            RebalanceAfter = _settings.Failover.RebalanceAfter,
            Time = _time,
        });
        var singleton = ClusterSingletonManagerSettings.Create(system).WithRole(AkkaSettings.DataRole).WithSingletonName(FailoverProtocol.CoordinatorName);
        system.ActorOf(ClusterSingletonManager.Props(coordinator, PoisonPill.Instance, singleton), FailoverProtocol.ManagerName);
    }
}
