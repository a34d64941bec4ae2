namespace BitArk.Cluster.Creation;

/// <summary>What one node knows of another, or of itself, when it decides about the layout.</summary>
/// <param name="Name">The node.</param>
/// <param name="Terms">What its settings would create a cluster with.</param>
/// <param name="ExpectedNodes">How many nodes it waits for.</param>
/// <param name="Meta">What is durable there; null: its directory is empty.</param>
/// <param name="IsSenior">It was a member of the cluster before the node that decides.</param>
internal sealed record NodeFacts(NodeId Name, LayoutTerms Terms, int ExpectedNodes, ClusterMeta? Meta, bool IsSenior = false);
