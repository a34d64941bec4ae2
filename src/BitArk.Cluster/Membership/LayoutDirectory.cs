using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Membership;

/// <summary>The nodes as front ends see them: the members, and those of the layout that are none at the moment. Any thread.</summary>
internal sealed class LayoutDirectory(NodeId self, ClusterDirectory members, Func<ClusterLayout?> layout) : INodeDirectory
{
    public IReadOnlyList<NodeView> Nodes
    {
        get
        {
            var known = members.Nodes;
            var missing = layout() is { } agreed ? agreed.Nodes.Where(name => !known.ContainsKey(name)) : [];
            return [.. known.Values.Select(ViewOf).Concat(missing.Select(Missing)).OrderBy(view => view.Name)];
        }
    }

    public bool IsJoining => members.Find(self) is null or { IsJoining: true };

    public NodeView? Find(NodeId node) => members.Find(node) is { } found ? ViewOf(found) : null;

    private static NodeView ViewOf(DirectoryEntry entry) => new(entry.Name, entry.GrpcAuthority, StatusOf(entry.Presence), entry.Version);

    private static NodeView Missing(NodeId name) => new(name, "", NodeStatus.Down, "");

    private static NodeStatus StatusOf(NodePresence presence) => presence switch
    {
        NodePresence.Up => NodeStatus.Up,
        NodePresence.Unreachable => NodeStatus.Unreachable,
        NodePresence.Leaving => NodeStatus.Leaving,
        _ => NodeStatus.Down,
    };
}
