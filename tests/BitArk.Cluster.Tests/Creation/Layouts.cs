using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Tests.Creation;

/// <summary>Short words for layouts.</summary>
internal static class Layouts
{
    public static readonly LayoutTerms Terms = new(8, 3, 1 << 26, 64, 1 << 26);

    public static readonly ClusterId A = new(new Guid("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    public static readonly ClusterId B = new(new Guid("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"));

    public static ClusterLayout Of(ClusterId id, params string[] nodes) => new(id, Terms, [.. nodes.Select(name => new NodeId(name))]);

    public static ClusterMeta Three(ClusterId id, LayoutStage stage) => new(Of(id, "node1", "node2", "node3"), stage);

    public static NodeFacts Node(int number, ClusterMeta? meta = null, bool isSenior = false) => new(new NodeId($"node{number}"), Terms, 3, meta, isSenior);
}
