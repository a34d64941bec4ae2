namespace BitArk.Cluster.Membership;

/// <summary>
/// MembershipActor to the MembershipActor of a seed that is no reachable member of its own cluster: which cluster of ActorSystems the
/// sender is in. Answered with the receiver's own; may be lost and repeated.
/// </summary>
/// <param name="Uid">Which run of the sender's ActorSystem.</param>
/// <param name="Cluster">What the sender belongs to for good; null before that is known.</param>
/// <param name="Island">Its cluster of ActorSystems.</param>
/// <param name="Members">How many data nodes of it the sender hears of, itself among them; 0: it is in none, or has not come up in it.</param>
/// <param name="IsAnswer">Not to be answered.</param>
internal sealed record IslandView(int Uid, ClusterId? Cluster, IslandId Island, int Members, bool IsAnswer);

/// <summary>A cluster of ActorSystems, known by the run of its oldest member.</summary>
/// <param name="Host">Where that is.</param>
/// <param name="Port">Its port.</param>
/// <param name="Uid">Which run.</param>
internal readonly record struct IslandId(string Host, int Port, int Uid)
{
    /// <summary>Of who is in none.</summary>
    public static readonly IslandId None = new("", 0, 0);

    /// <summary>Whether its oldest member's address is higher than another's. The same on every node.</summary>
    public bool IsAbove(IslandId other)
    {
        var byHost = string.CompareOrdinal(Host, other.Host);
        return byHost > 0 || (byHost == 0 && (Port > other.Port || (Port == other.Port && Uid > other.Uid)));
    }
}
