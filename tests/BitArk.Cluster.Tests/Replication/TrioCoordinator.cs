using System.Diagnostics;
using Akka.Actor;
using BitArk.Cluster.Replication;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>
/// What the FailoverCoordinator does, for the one partition of a <see cref="ReplicaTrio"/>: it reads the replicas' reports where they
/// are published, and of equal logs prefers the node with the lowest name.
/// </summary>
internal sealed class TrioCoordinator : ReceiveActor, IWithTimers
{
    private static readonly NodeId Name = new("coordinator");

    private readonly Guid _proposer = Guid.NewGuid();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ITrio _trio;
    private readonly PartitionFailover _failover;
    private bool _hasBegun;

    public TrioCoordinator(ITrio trio)
    {
        _trio = trio;
        _failover = new PartitionFailover(
            new PartitionId(0),
            trio.Replicas,
            new FailoverTiming
            {
                SilentAfter = TimeSpan.FromSeconds(1),
                RepeatAfter = TimeSpan.FromMilliseconds(50),
                RoundTimeout = TimeSpan.FromSeconds(10),
                ChooseAfter = TimeSpan.FromSeconds(5),
                HandOverTimeout = TimeSpan.FromSeconds(5),
                ServeTimeout = TimeSpan.FromSeconds(5),
                RetryFirst = TimeSpan.FromMilliseconds(50),
            },
            _proposer,
            node => trio.Replicas.Members.ToList().IndexOf(node),
            Random.Shared,
            Now);
        Receive<Promise>(promise => _failover.OnPromise(promise, Now));
        Receive<PrepareRefused>(refused => _failover.OnRefused(refused, Now));
        Receive<string>(_ => Look());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    public static Props Props(ITrio trio) => Akka.Actor.Props.Create(() => new TrioCoordinator(trio));

    protected override void PreStart() => Timers.StartPeriodicTimer("look", "look", TimeSpan.Zero, TimeSpan.FromMilliseconds(10));

    private void Look()
    {
        foreach (var (node, report) in _trio.Reports())
        {
            _failover.OnReachability(node, report is not null);
            if (report is { } known)
                _failover.OnReport(node, known, Now);
        }

        // The first time all that were started take part: otherwise whoever opened first would lead.
        _hasBegun |= _trio.Reports().All(one => one.Report is null or { Standing: not ReplicaStanding.Away });
        if (!_hasBegun)
            return;

        foreach (var command in _failover.Next(Now))
        {
            switch (command)
            {
                case FailoverCommand.Propose propose:
                    foreach (var to in propose.To)
                        _trio.Send(Name, to, new Prepare(_trio.ClusterId, new PartitionId(0), propose.Epoch, _proposer, Name), Self);
                    break;
                case FailoverCommand.Appoint appoint:
                    _trio.Send(Name, appoint.Leader, new Lead(_trio.ClusterId, new PartitionId(0), appoint.Epoch, _proposer, appoint.Leader, appoint.Lease), Self);
                    break;
            }
        }
    }
}

/// <summary>What a <see cref="TrioCoordinator"/> sees of the three.</summary>
internal interface ITrio
{
    ClusterId ClusterId { get; }

    BitArk.Replication.ReplicaSet Replicas { get; }

    /// <summary>Null: it does not run.</summary>
    IEnumerable<(NodeId Node, ReplicaReport? Report)> Reports();

    void Send(NodeId from, NodeId to, object message, IActorRef sender);
}
