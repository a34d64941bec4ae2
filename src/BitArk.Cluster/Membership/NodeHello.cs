using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Membership;

/// <summary>
/// MembershipActor to the MembershipActor of every other node, at once when something changed and again every second. Not
/// answered; may be lost and repeated.
/// </summary>
/// <param name="Name">The sender; the member it comes from must carry this name as a role.</param>
/// <param name="Uid">Which run of the sender's ActorSystem: a hello of an earlier one is ignored.</param>
/// <param name="Sequence">Grows with each hello of a run: an overtaken one is ignored.</param>
/// <param name="Incarnation">The sender's data directory; empty until it has one.</param>
/// <param name="GrpcAuthority">Where its gRPC listens, <c>host:port</c>; empty until it does.</param>
/// <param name="Version">The sender's build.</param>
/// <param name="ExpectedNodes">How many nodes it waits for at creation.</param>
/// <param name="Terms">What its settings would create a cluster with.</param>
/// <param name="Meta">What it has durably agreed to; null: its data directory is empty.</param>
internal sealed record NodeHello(
    NodeId Name,
    int Uid,
    long Sequence,
    Guid Incarnation,
    string GrpcAuthority,
    string Version,
    int ExpectedNodes,
    LayoutTerms Terms,
    ClusterMeta? Meta);
