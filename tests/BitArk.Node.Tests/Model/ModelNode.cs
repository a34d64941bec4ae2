using BitArk.Cluster;

namespace BitArk.Node.Tests.Model;

/// <summary>A node without storage, to test the front ends alone.</summary>
internal sealed class ModelNode(int partitions = 1) : IReadStatusNode
{
    public static readonly ClusterId Cluster = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

    public ModelPartition[] Model { get; } = [.. Enumerable.Range(0, partitions).Select(i => new ModelPartition(new PartitionId(i)))];

    public ClusterId ClusterId => Cluster;

    public string NodeName => "node1";

    public INodeDirectory? Directory { get; set; }

    public long Rebuilds { get; set; }

    public ILeaderships? Leaderships { get; set; }

    public IReadOnlyList<IPartition> Partitions => Model;

    public IReadOnlyDictionary<string, NamespaceId> Namespaces { get; } =
        new Dictionary<string, NamespaceId> { ["default"] = new(0), ["mail"] = new(7) };
}
