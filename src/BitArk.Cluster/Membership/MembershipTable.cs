using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Membership;

/// <summary>What the cluster's members and their hellos add up to. Immutable and pure: the actor only feeds it.</summary>
/// <param name="Self">This node's own member.</param>
internal sealed record MembershipTable(UniqueAddress Self)
{
    private ImmutableDictionary<UniqueAddress, MemberFacts> Members { get; init; } = ImmutableDictionary<UniqueAddress, MemberFacts>.Empty;

    private ImmutableDictionary<UniqueAddress, NodeHello> Hellos { get; init; } = ImmutableDictionary<UniqueAddress, NodeHello>.Empty;

    /// <summary>Whether this node has been let in.</summary>
    public bool HasJoined => Members.ContainsKey(Self);

    /// <summary>This node's own member; null until it has been let in.</summary>
    public MemberFacts? Own => Members.GetValueOrDefault(Self);

    /// <summary>The member that came up first, whether or not it is heard of; null while none has.</summary>
    public MemberFacts? Oldest => Members.Values.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting).MinBy(member => member.Rank);

    /// <summary>The members that are here to stay and are heard of, this one among them.</summary>
    public IReadOnlyList<MemberFacts> Reachable => [.. Members.Values.Where(member => member.Presence is NodePresence.Up)];

    /// <summary>The others, to speak to.</summary>
    public IEnumerable<Address> Others => Members.Keys.Where(member => !member.Equals(Self)).Select(member => member.Address);

    /// <summary>The members as they are now; what those that are gone had said is forgotten.</summary>
    public MembershipTable Seen(IEnumerable<MemberFacts> members)
    {
        var now = members.ToImmutableDictionary(member => member.Address);
        return this with { Members = now, Hellos = Hellos.RemoveRange(Hellos.Keys.Where(member => !now.ContainsKey(member))) };
    }

    /// <summary>Takes note of a hello; null when it does not come from the member it claims to.</summary>
    public MembershipTable? Heard(NodeHello hello, Address from)
    {
        if (!Members.TryGetValue(new UniqueAddress(from, hello.Uid), out var member) || member.Name != hello.Name)
            return null;

        return Hellos.TryGetValue(member.Address, out var last) && last.Sequence >= hello.Sequence ? this : this with { Hellos = Hellos.SetItem(member.Address, hello) };
    }

    /// <summary>
    /// A living node of this node's name that was here before it; null: none. It must have spoken to this one, so that the
    /// remains of a dead process, not found out yet, keep nobody from taking its place.
    /// </summary>
    public MemberFacts? SeniorNamesake => Members.TryGetValue(Self, out var self)
        ? Members.Values.FirstOrDefault(other => other.Name == self.Name && other.IsSeniorTo(self) && other.IsReachable && Hellos.ContainsKey(other.Address))
        : null;

    /// <summary>What the reachable others have told, for decisions about the layout.</summary>
    public IReadOnlyList<NodeFacts> Peers()
    {
        Members.TryGetValue(Self, out var self);
        return [.. FirstOfEachName(Members.Values.Where(member => !member.Address.Equals(Self) && member.Presence is NodePresence.Up && Hellos.ContainsKey(member.Address)))
            .Where(member => member.Name != self?.Name)
            .Select(member => (IsSenior: member.IsSeniorTo(self), Hello: Hellos[member.Address]))
            .Select(peer => new NodeFacts(peer.Hello.Name, peer.Hello.Terms, peer.Hello.ExpectedNodes, peer.Hello.Meta, peer.IsSenior))];
    }

    /// <summary>
    /// One entry per name: of several members with one name the one that was here first and is still heard of. Whether this node is joining is
    /// its own affair, though: the remains of its last run are counted as long as nobody has noticed.
    /// </summary>
    /// <param name="own">What this node tells the others.</param>
    public IEnumerable<DirectoryEntry> Entries(NodeHello own) => FirstOfEachName(Members.Values).Select(member =>
    {
        var hello = member.Address.Equals(Self) ? own : Hellos.GetValueOrDefault(member.Address);
        return new DirectoryEntry(member.Name, member.Address.Address, member.Presence, hello?.Incarnation ?? Guid.Empty, hello?.GrpcAuthority ?? "", hello?.Version ?? "") { IsJoining = (member.Name == Own?.Name ? Own : member).IsJoining };
    });

    private static IEnumerable<MemberFacts> FirstOfEachName(IEnumerable<MemberFacts> members) =>
        members.GroupBy(member => member.Name).Select(namesakes => namesakes.OrderByDescending(member => member.IsReachable).ThenBy(member => member.Rank).First());
}
