using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace BitArk.Cluster.Membership;

// Clusters of ActorSystems that begin, and find each other: Akka itself lets only the first seed begin one, and two never become one.
internal sealed partial class MembershipActor
{
    private readonly SeedProbes _probes = new();
    private readonly TimeSpan _began;
    private TimeSpan? _seedMemberAt;
    private TimeSpan? _silentSince;
    private readonly HashSet<Address> _quarantined = [];
    private IslandId _greater = IslandId.None;
    private int _cutOff;
    private int _confirmed;
    private bool _hasFormed;
    private bool _isForeignTold;

    private TimeSpan Now => _environment.Time.GetElapsedTime(0);

    private int NodeCount => _environment.Own.Meta?.Layout.Nodes.Count ?? _seeds.Count;

    private bool IsInLesserHalf => IslandRules.IsCutOff(
        _table.Reachable.Count, NodeCount, hasFirst: _table.Reachable.Any(member => member.Address.Address.Equals(_seeds[0])));

    // Silent while it leaves: what it is a member of then is no longer true.
    private bool IsLeaving => _table.Own is { Status: not (MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up) };

    private void LookForOthers()
    {
        if (IsLeaving)
            return;

        var members = _table.Reachable.Select(member => member.Address.Address).ToHashSet();
        foreach (var seed in _probes.Due(_seeds.Where(seed => !seed.Equals(_cluster.SelfAddress) && !members.Contains(seed)), Now))
            Context.ActorSelection(new RootActorPath(seed) / "user" / MembershipProtocol.ActorName).Tell(OwnIsland(isAnswer: false));

        FormIfAlone();
        GiveWayIfCutOff();
        GiveWayIfDeaf();
    }

    // Which of the two ends has given the other one up: neither hears the other any more.
    private void OnQuarantined(Address other)
    {
        if (_seeds.Contains(other))
            _quarantined.Add(other);
    }

    private void GiveWayIfCutOff()
    {
        _quarantined.ExceptWith(_table.Reachable.Select(member => member.Address.Address));
        var isCutOff = _table.HasJoined && _quarantined.Count > 0 && IsInLesserHalf;
        _cutOff = isCutOff ? _cutOff + 1 : 0;
        if (_cutOff != IslandRules.Confirmations)
            return;

        _logger.Warning(
            "Node {0} is in a cluster with {1} of {2} nodes, and {3} and it have given each other up for good: it leaves, and joins anew.",
            _environment.Own.Name, _table.Reachable.Count, NodeCount, string.Join(", ", _quarantined));
        _environment.GiveWay();
    }

    // Of a cluster that was created alone: before, others may come as late as they like.
    private void GiveWayIfDeaf()
    {
        var isLesser = IsInLesserHalf;
        if (!isLesser)
            _environment.Silence.NotAlone();
        if (!isLesser || _environment.Own.Meta is not { IsBinding: true } || _seeds.All(_cluster.SelfAddress.Equals))
        {
            _silentSince = null;
            return;
        }

        _silentSince ??= Now;
        if (Now - _silentSince < _environment.Silence.Patience)
            return;

        _logger.Warning(
            "Node {0} is in a cluster with {1} of {2} nodes and has heard no other seed for {3}: they are gone, or it is deaf. It leaves, and joins anew.",
            _environment.Own.Name, _table.Reachable.Count, NodeCount, _environment.Silence.Patience);
        _silentSince = null;
        _environment.Silence.GaveUp();
        _environment.GiveWay();
    }

    private void FormIfAlone()
    {
        var isAnySeedMember = _seedMemberAt is { } at && Now - at < SeedProbes.First * 3;
        if (_hasFormed || _table.HasJoined || !IslandRules.MayForm(_seeds.IndexOf(_cluster.SelfAddress), _environment.FormAfter, Now - _began, isAnySeedMember))
            return;

        _hasFormed = true;
        _logger.Warning("Node {0} has joined nobody for {1}: it begins a cluster itself, and will join another one that it finds.", _environment.Own.Name, Now - _began);
        _cluster.Join(_cluster.SelfAddress);
    }

    private void OnIsland(IslandView other)
    {
        var from = Sender.Path.Address;
        if (IsLeaving)
            return;

        if (!other.IsAnswer)
            Sender.Tell(OwnIsland(isAnswer: true));

        // Whoever it gives way to it must be able to join, and it joins through seeds.
        if (!_seeds.Contains(from) || _table.Reachable.Any(member => member.Address.Equals(new UniqueAddress(from, other.Uid))))
            return;

        _probes.Heard(from, Now);
        _silentSince = null;
        if (other.Members > 0)
            _seedMemberAt = Now;
        Weigh(from, other);
    }

    private void Weigh(Address from, IslandView other)
    {
        switch (IslandRules.Decide(OwnIsland(isAnswer: true), other))
        {
            case IslandDecision.Foreign when !_isForeignTold:
                _isForeignTold = true;
                _logger.Error("The seed node {0} belongs to cluster {1}, and this node to {2}: check bitark.cluster.seed-nodes of both.", from, other.Cluster, _environment.Own.Meta?.Layout.ClusterId);
                break;
            case IslandDecision.GiveWay:
                _confirmed = _greater == other.Island ? _confirmed + 1 : 1;
                _greater = other.Island;
                if (_confirmed == IslandRules.Confirmations)
                    GiveWay(from, other);
                break;
            default:
                if (_greater == other.Island)
                    _confirmed = 0;
                break;
        }
    }

    private void GiveWay(Address from, IslandView other)
    {
        _logger.Warning(
            "Node {0} is in a cluster with {1} reachable members, and {2} in another one with {3}: it leaves the one and joins the other.",
            _environment.Own.Name, _table.Reachable.Count, from, other.Members);
        _environment.GiveWay();
    }

    private IslandView OwnIsland(bool isAnswer)
    {
        var cluster = _environment.Own.Meta is { IsBinding: true } meta ? meta.Layout.ClusterId : (ClusterId?)null;
        var uid = _cluster.SelfUniqueAddress.Uid;
        if (_table.Own is not { Status: MemberStatus.Up } || _table.Oldest is not { } oldest)
            return new IslandView(uid, cluster, IslandId.None, 0, isAnswer);

        var address = oldest.Address.Address;
        return new IslandView(uid, cluster, new IslandId(address.Host ?? "", address.Port ?? 0, oldest.Address.Uid), _table.Reachable.Count, isAnswer);
    }
}
