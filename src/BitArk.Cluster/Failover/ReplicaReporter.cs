using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Serialization;
using BitArk.Replication.Failover;

namespace BitArk.Cluster.Failover;

/// <summary>
/// Tells the coordinators how this node's replicas are: as the answer to each hello, and at once when something changed. Decides nothing.
/// There may be two coordinators for a while, and both are told; no more, so that nobody can make it talk to many.
/// </summary>
internal sealed class ReplicaReporter : ReceiveActor
{
    private const int MostCoordinators = 2;

    private readonly ReporterEnvironment _environment;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private readonly List<KnownCoordinator> _coordinators = [];
    private long _sequence;
    private bool _isLeaving;
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(5);

    private bool _isReportDue;

    public ReplicaReporter(ReporterEnvironment environment)
    {
        _environment = environment;
        Receive<CoordinatorHello>(OnHello);
        Receive<FailoverProtocol.Changed>(OnChanged);
        Receive<FailoverProtocol.ReportNow>(_ => OnReportNow());
        Receive<FailoverProtocol.Leave>(_ => OnLeave());
        Receive<TransferLeaderOrder>(OnOrder);
    }

    private TimeSpan Now => _environment.Time.GetElapsedTime(0);

    public static Props Props(ReporterEnvironment environment) => Akka.Actor.Props.Create(() => new ReplicaReporter(environment));

    protected override void PreStart()
    {
        for (var index = 0; index < _environment.Replicas.Count; index++)
            Arm(index);
    }

    protected override void PostStop() => _environment.Heard(null);

    private void OnHello(CoordinatorHello hello)
    {
        if (hello.Cluster != _environment.Cluster)
            return;
        if (!_environment.Contacts.IsAt(hello.Node, Sender))
        {
            // Usual while gossip is on its way: it says hello again.
            WireCounters.Count(WireRefusal.UnknownSender);
            _logger.Debug("Ignored a hello of the coordinator on {0}, which is not known to be at {1}.", hello.Node, Sender.Path.Address);
            return;
        }

        var known = _coordinators.Find(coordinator => coordinator.Proposer == hello.Proposer);
        if (known is not null && known.Sequence >= hello.Sequence)
            return;
        if (known is null)
            _logger.Info("Node {0} hears of the coordinator on {1}.", _environment.Self, hello.Node);
        else
            _coordinators.Remove(known);

        // The one heard last stands last.
        _coordinators.Add(new KnownCoordinator(hello.Proposer, hello.Node, Sender, hello.Sequence, Now));
        ForgetSilent();
        _environment.Heard(hello.Node);
        Sender.Tell(NextReport(), Self);
    }

    private void ForgetSilent()
    {
        _coordinators.RemoveAll(coordinator => Now - coordinator.HeardAt >= _environment.Timing.ForgetAfter);
        if (_coordinators.Count > MostCoordinators)
            _coordinators.RemoveAt(0);
        if (_coordinators.Count == 0)
            _environment.Heard(null);
    }

    // The signal is taken up again before the reports are read: a change in between raises it again.
    private void OnChanged(FailoverProtocol.Changed changed)
    {
        Arm(changed.Index);
        Due();
    }

    private void OnLeave()
    {
        _isLeaving = true;
        Due();
    }

    private void Due()
    {
        if (_isReportDue)
            return;
        _isReportDue = true;
        Self.Tell(FailoverProtocol.ReportNow.Instance);
    }

    private void OnReportNow()
    {
        _isReportDue = false;
        ForgetSilent();
        if (_coordinators.Count == 0)
            return;
        var report = NextReport();
        foreach (var coordinator in _coordinators)
            coordinator.Actor.Tell(report, Self);
    }

    private void OnOrder(TransferLeaderOrder order)
    {
        ForgetSilent();
        if (_coordinators.Count == 0)
            Sender.Tell(new TransferLeaderAnswer(_environment.Cluster, TransferResult.NoCoordinator, Epoch.None, null, TimeSpan.Zero));
        else
            _coordinators[^1].Actor.Forward(order);
    }

    private NodeReport NextReport() => new(
        _environment.Cluster,
        _environment.Self,
        ++_sequence,
        _isLeaving,
        [.. _environment.Replicas.Select(replica => new PartitionReport(replica.Id, ReportOf(replica))).OrderBy(row => row.Partition.Value)]);

    // A leader whose disk owes it an answer for so long beats and holds its lease, and takes no write: another one can.
    private static ReplicaReport ReportOf(PartitionStatus replica) =>
        replica.Report is { IsServing: true } report && replica.FlushingFor > LongestFlush ? report with { IsServing = false } : replica.Report;

    private void Arm(int index)
    {
        var self = Self;
        _environment.Replicas[index].Changed.Next.ContinueWith(
            _ => self.Tell(new FailoverProtocol.Changed(index)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private sealed record KnownCoordinator(Guid Proposer, NodeId Node, IActorRef Actor, long Sequence, TimeSpan HeardAt);
}

/// <summary>What a ReplicaReporter gets from its node.</summary>
internal sealed record ReporterEnvironment
{
    /// <summary>The cluster; messages of another one are ignored.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>This node.</summary>
    public required NodeId Self { get; init; }

    /// <summary>The replicas on this node.</summary>
    public required IReadOnlyList<PartitionStatus> Replicas { get; init; }

    /// <summary>Where nodes are.</summary>
    public required INodeContacts Contacts { get; init; }

    /// <summary>How long a silent coordinator is remembered.</summary>
    public required CoordinatorTiming Timing { get; init; }

    /// <summary>A monotonic clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Told where the coordinator is that was heard last; null: none is known.</summary>
    public required Action<NodeId?> Heard { get; init; }
}
