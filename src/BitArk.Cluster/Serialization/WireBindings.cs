using BitArk.Cluster.Failover;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Membership;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Serialization;

/// <summary>Which serializer carries what between nodes. The numbers are on the wire and never change.</summary>
internal static class WireBindings
{
    /// <summary>The number of <see cref="MembershipSerializer"/>.</summary>
    public const int MembershipId = 4720;

    /// <summary>The number of <see cref="ReplicationSerializer"/>.</summary>
    public const int ReplicationId = 4721;

    /// <summary>The number of <see cref="GuardEventSerializer"/>; on the disk, not on the wire.</summary>
    public const int GuardEventId = 4722;

    /// <summary>The number of <see cref="FailoverSerializer"/>.</summary>
    public const int FailoverId = 4723;

    /// <summary>For the ActorSystem's configuration, below <c>akka.actor</c>.</summary>
    public static string Hocon =>
        $$"""
        serializers {
          json = "{{NameOf<RefusingSerializer>()}}"
          bitark-membership = "{{NameOf<MembershipSerializer>()}}"
          bitark-replication = "{{NameOf<ReplicationSerializer>()}}"
          bitark-guard = "{{NameOf<GuardEventSerializer>()}}"
          bitark-failover = "{{NameOf<FailoverSerializer>()}}"
        }
        serialization-bindings {
          "System.Object" = json
          "{{NameOf<NodeHello>()}}" = bitark-membership
          "{{NameOf<IslandView>()}}" = bitark-membership
          "{{NameOf<ReplicationMessage>()}}" = bitark-replication
          "{{NameOf<EpochPromised>()}}" = bitark-guard
          "{{NameOf<FailoverMessage>()}}" = bitark-failover
        }
        """;

    private static string NameOf<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
