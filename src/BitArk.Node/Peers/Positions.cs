using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;

namespace BitArk.Node.Peers;

/// <summary>Between positions, leaders and routes, and their messages. What is absent is the default.</summary>
internal static class Positions
{
    public static Position ToMessage(ReadPosition position) => new() { Epoch = position.Epoch.Value, Lsn = position.Lsn.Value };

    public static ReadPosition FromMessage(Position? position) => position is null ? default : new(new Epoch(position.Epoch), new Lsn(position.Lsn));

    public static Leader ToMessage(NodeId? leader, Epoch epoch) => new() { Node = leader?.Name ?? "", Epoch = epoch.Value };

    public static NodeId? LeaderOf(Leader leader) => NodeOf(leader.Node);

    public static NodeId? NodeOf(string name) => name.Length == 0 ? null : new NodeId(name);

    public static RouteInfo ToMessage(in CallRoute route) => new() { KnownEpoch = route.KnownEpoch.Value, Seen = ToMessage(route.Seen) };

    /// <summary>A route that was forwarded once ends here.</summary>
    public static CallRoute FromMessage(RouteInfo? route) =>
        route is null ? new CallRoute(Stays: true) : new CallRoute(Stays: true, new Epoch(route.KnownEpoch), FromMessage(route.Seen));
}
