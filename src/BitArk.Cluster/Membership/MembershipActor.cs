using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using BitArk.Cluster.Creation;
using BitArk.Cluster.Serialization;

namespace BitArk.Cluster.Membership;

/// <summary>
/// Joins the cluster, or begins it, follows its members, exchanges hellos with them and publishes the <see cref="ClusterDirectory"/>.
/// Decides nothing: <see cref="MembershipTable"/> and <see cref="IslandRules"/> do.
/// </summary>
internal sealed partial class MembershipActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ComplainEvery = TimeSpan.FromSeconds(10);

    private readonly MembershipEnvironment _environment;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private readonly ImmutableList<Address> _seeds;
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private MembershipTable _table;
    private NodeHello _hello;
    private long _sequence;
    private long _complained;

    public MembershipActor(MembershipEnvironment environment)
    {
        _environment = environment;
        _seeds = Seeds();
        _began = Now;
        _table = new MembershipTable(_cluster.SelfUniqueAddress);
        _hello = NextHello();
        Receive<ClusterEvent.CurrentClusterState>(OnState);
        Receive<ClusterEvent.MemberRemoved>(OnRemoved);
        Receive<ClusterEvent.IMemberEvent>(changed => OnMember(changed.Member));
        Receive<ClusterEvent.ReachabilityEvent>(OnReachability);
        Receive<NodeHello>(OnHello);
        Receive<IslandView>(OnIsland);
        Receive<ThisActorSystemQuarantinedEvent>(quarantined => OnQuarantined(quarantined.RemoteAddress));
        Receive<QuarantinedEvent>(quarantined => OnQuarantined(quarantined.Address));
        Receive<MembershipProtocol.Announce>(_ => Announce());
        Receive<MembershipProtocol.Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(MembershipEnvironment environment) => Akka.Actor.Props.Create(() => new MembershipActor(environment));

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.ReachabilityEvent));
        Context.System.EventStream.Subscribe<ThisActorSystemQuarantinedEvent>(Self);
        Context.System.EventStream.Subscribe<QuarantinedEvent>(Self);
        Timers.StartPeriodicTimer("tick", MembershipProtocol.Tick.Instance, TickInterval);
        _complained = _environment.Time.GetTimestamp();
        _logger.Info("Node {0} at {1} joins through {2}.", _environment.Own.Name, _cluster.SelfAddress, string.Join(", ", _seeds));
        _cluster.JoinSeedNodes(_seeds);
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
    }

    // The addresses have the scheme that this node's own transport gave itself.
    private ImmutableList<Address> Seeds() => _environment.SeedNodes.Count == 0
        ? [_cluster.SelfAddress]
        : [.. _environment.SeedNodes.Select(ClusterSettings.Split).Select(seed => _cluster.SelfAddress.WithHost(seed.Host).WithPort(seed.Port))];

    private void OnState(ClusterEvent.CurrentClusterState state)
    {
        foreach (var member in state.Members)
            _members[member.UniqueAddress] = member;

        _unreachable.UnionWith(state.Unreachable.Select(member => member.UniqueAddress));
        OnMembersChanged();
    }

    private void OnMember(Member member)
    {
        _members[member.UniqueAddress] = member;
        OnMembersChanged();
        if (!member.UniqueAddress.Equals(_cluster.SelfUniqueAddress))
            Tell(member.Address);
    }

    private void OnRemoved(ClusterEvent.MemberRemoved removed)
    {
        _members.Remove(removed.Member.UniqueAddress);
        _unreachable.Remove(removed.Member.UniqueAddress);
        OnMembersChanged();
    }

    private void OnReachability(ClusterEvent.ReachabilityEvent changed)
    {
        if (changed is ClusterEvent.UnreachableMember)
            _unreachable.Add(changed.Member.UniqueAddress);
        else
            _unreachable.Remove(changed.Member.UniqueAddress);

        OnMembersChanged();
    }

    private void OnMembersChanged()
    {
        _table = _table.Seen(MemberFacts.Of(_members.Values, _unreachable));
        Publish();
    }

    private void OnHello(NodeHello hello)
    {
        if (_table.Heard(hello, Sender.Path.Address) is { } table)
        {
            _table = table;
            Publish();
        }
        else if (_members.Values.Any(member => member.Address.Equals(Sender.Path.Address) && member.UniqueAddress.Uid == hello.Uid))
        {
            WireCounters.Count(WireRefusal.UnknownSender);
            _logger.Warning("Refused a hello of {0} from {1}: it calls itself {2} there.", Sender.Path.Address, "a member", hello.Name);
        }
        else
        {
            // Usual while gossip is on its way: it says hello again.
            WireCounters.Count(WireRefusal.UnknownSender);
            _logger.Info("Ignored a hello of {0} from {1}, which is not a member yet.", hello.Name, Sender.Path.Address);
        }
    }

    private void OnTick()
    {
        Announce();
        LookForOthers();
        if (!_table.HasJoined && _environment.Time.GetElapsedTime(_complained) >= ComplainEvery)
        {
            _complained = _environment.Time.GetTimestamp();
            _logger.Warning(
                "Node {0} has not joined the cluster: none of bitark.cluster.seed-nodes = [{1}] let it in. Are these their addresses, and does any of them run?",
                _environment.Own.Name,
                string.Join(", ", _environment.SeedNodes));
        }
    }

    private void Announce()
    {
        _hello = NextHello();
        foreach (var other in _table.Others)
            Tell(other);

        Publish();
    }

    private void Tell(Address other) => Context.ActorSelection(new RootActorPath(other) / "user" / MembershipProtocol.ActorName).Tell(_hello);

    private NodeHello NextHello() => _environment.Own.ToHello(_cluster.SelfUniqueAddress.Uid, ++_sequence);

    private void Publish()
    {
        if (_table.SeniorNamesake is { } senior)
        {
            _environment.Refused($"another node is named {senior.Name} and was here first, at {senior.Address.Address}: set another bitark.node-name");
            return;
        }

        _environment.Directory.Publish(_table.Entries(_hello));
        _environment.Creation.Tell(new MembershipProtocol.Peers(_table.Peers(), _table.HasJoined));
    }
}

/// <summary>What membership gets from its node. The calls come on the actor's thread.</summary>
internal sealed record MembershipEnvironment
{
    /// <summary>What to tell the others.</summary>
    public required OwnFacts Own { get; init; }

    /// <summary>Whom to join through, <c>host:port</c>.</summary>
    public required IReadOnlyList<string> SeedNodes { get; init; }

    /// <summary>See <see cref="ClusterSettings.FormAfter"/>.</summary>
    public required TimeSpan FormAfter { get; init; }

    /// <summary>Where to publish.</summary>
    public required ClusterDirectory Directory { get; init; }

    /// <summary>The CreationActor.</summary>
    public required IActorRef Creation { get; init; }

    /// <summary>Told when this node must not be a member; may be repeated.</summary>
    public required Action<string> Refused { get; init; }

    /// <summary>Told when this ActorSystem is to end, so that the next one joins the greater cluster.</summary>
    public required Action GiveWay { get; init; }

    /// <summary>How long to believe that nobody is there.</summary>
    public required SilencePace Silence { get; init; }

    /// <summary>The clock of complaints and questions.</summary>
    public required TimeProvider Time { get; init; }
}
