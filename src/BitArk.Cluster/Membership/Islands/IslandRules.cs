namespace BitArk.Cluster.Membership;

/// <summary>What a node does about another cluster of ActorSystems that it hears of.</summary>
internal enum IslandDecision
{
    /// <summary>Nothing: it is its own, or the other one gives way.</summary>
    Stay,

    /// <summary>Its own is the lesser one: it is to leave, and to join the other.</summary>
    GiveWay,

    /// <summary>The other one holds the data of another cluster: they must never be one.</summary>
    Foreign,
}

/// <summary>
/// When a node may begin a cluster of ActorSystems, and which of two that meet gives way. Wrong is nothing of it, only slow: a cluster
/// that is too small serves no writes, and no two of them can commit at once, since both would need a majority of the guards.
/// </summary>
internal static class IslandRules
{
    /// <summary>How often in a row the other one must be the greater: what is seen while nodes come and go is soon over.</summary>
    public const int Confirmations = 2;

    /// <summary>Whether a node that has joined nobody begins a cluster.</summary>
    /// <param name="place">Its place in the list of seeds, from 0; negative: it is none.</param>
    /// <param name="formAfter">How long each place waits longer than the one before.</param>
    /// <param name="waited">Since it began to join.</param>
    /// <param name="isAnySeedMember">Whether a seed has said lately that it is in a cluster: that one will let it in.</param>
    public static bool MayForm(int place, TimeSpan formAfter, TimeSpan waited, bool isAnySeedMember) =>
        place >= 0 && !isAnySeedMember && waited >= formAfter * (place + 1);

    /// <summary>
    /// Whether a node is to begin anew that some nodes talk to no more: Akka quarantines a member that was removed, at both ends, and for as long as both
    /// live, so two clusters that have removed each other never hear of each other again. Whoever is not in the half that counts gives way.
    /// </summary>
    /// <param name="members">How many reachable members its cluster has, itself included.</param>
    /// <param name="nodes">How many there should be.</param>
    /// <param name="hasFirst">Whether the first seed is one of the members: of two halves that one stays.</param>
    public static bool IsCutOff(int members, int nodes, bool hasFirst) => members * 2 < nodes || (members * 2 == nodes && !hasFirst);

    /// <summary>What <paramref name="own"/> does about <paramref name="other"/>. Of two that look at each other not more than one gives way.</summary>
    public static IslandDecision Decide(IslandView own, IslandView other)
    {
        if (own.Members == 0 || other.Members == 0 || own.Island == other.Island)
            return IslandDecision.Stay;

        if (own.Cluster is { } here && other.Cluster is { } there && here != there)
            return IslandDecision.Foreign;

        var isLesser = other.Members > own.Members || (other.Members == own.Members && own.Island.IsAbove(other.Island));
        return isLesser ? IslandDecision.GiveWay : IslandDecision.Stay;
    }
}
