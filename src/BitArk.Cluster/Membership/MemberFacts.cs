using Akka.Cluster;

namespace BitArk.Cluster.Membership;

/// <summary>One member with the role of a data node.</summary>
/// <param name="Address">Where it is, and which run of it.</param>
/// <param name="Name">From its role.</param>
/// <param name="Status">As the cluster sees it.</param>
/// <param name="Rank">Its place in the order of coming up; those that have not come up yet are last, in no order that lasts.</param>
/// <param name="IsReachable">Whether anything is heard of it.</param>
internal sealed record MemberFacts(UniqueAddress Address, NodeId Name, MemberStatus Status, int Rank, bool IsReachable)
{
    /// <summary>As the directory shows it.</summary>
    public NodePresence Presence => Status switch
    {
        MemberStatus.Down or MemberStatus.Removed => NodePresence.Down,
        MemberStatus.Leaving or MemberStatus.Exiting => NodePresence.Leaving,
        _ => IsReachable ? NodePresence.Up : NodePresence.Unreachable,
    };

    /// <summary>Whether it is not counted yet: the split-brain resolver leaves it out of every majority until all have seen it come.</summary>
    public bool IsJoining => Status is MemberStatus.Joining or MemberStatus.WeaklyUp;

    /// <summary>
    /// Whether it came up before another one, for good. False both ways while neither is up: Akka orders those by address, which
    /// says nothing of who was first, and once they are up the order may be the other one.
    /// </summary>
    public bool IsSeniorTo(MemberFacts? other) =>
        Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting && Rank < (other?.Rank ?? int.MaxValue);

    /// <summary>The facts of all members that hold data.</summary>
    public static IReadOnlyList<MemberFacts> Of(IEnumerable<Member> members, IReadOnlySet<UniqueAddress> unreachable)
    {
        var byAge = members.OrderBy(member => member, Comparer<Member>.Create((a, b) => a.IsOlderThan(b) ? -1 : b.IsOlderThan(a) ? 1 : 0));
        return [.. byAge.Select((member, rank) => (member, rank, name: NameOf(member)))
            .Where(row => row.name is not null)
            .Select(row => new MemberFacts(row.member.UniqueAddress, new NodeId(row.name!), row.member.Status, row.rank, !unreachable.Contains(row.member.UniqueAddress)))];
    }

    private static string? NameOf(Member member)
    {
        var role = member.HasRole(AkkaSettings.DataRole)
            ? member.Roles.FirstOrDefault(role => role.StartsWith(AkkaSettings.NameRolePrefix, StringComparison.Ordinal))
            : null;
        return role is not null && NodeNames.IsValid(role[AkkaSettings.NameRolePrefix.Length..]) ? role[AkkaSettings.NameRolePrefix.Length..] : null;
    }
}
