using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

public sealed class HeldDirectorySpecs
{
    private static readonly CreationSettings Settings = new("node1", 4, 3, 65536, 64, 1 << 20);
    private static readonly ClusterId Cluster = new(new Guid("00112233445566778899aabbccddeeff"));

    [Fact]
    public void Should_write_nothing_but_the_lock_when_the_cluster_is_not_known_yet()
    {
        var disk = new MemoryDisk();
        using (var held = HeldDirectory.Take("/d", Settings, disk))
        {
            Assert.Null(held.Meta);
            Assert.Equal(DataDirectoryProblem.InUse, Assert.Throws<DataDirectoryException>(() => HeldDirectory.Take("/d", Settings, disk)).Problem);
        }

        Assert.False(disk.FileExists("/d/node.meta"));
        HeldDirectory.Take("/d", Settings, disk).Dispose();
    }

    [Fact]
    public void Should_belong_to_the_given_cluster_when_opened()
    {
        var disk = new MemoryDisk();
        var held = HeldDirectory.Take("/d", Settings, disk);
        using (var node = held.Open(Cluster))
        {
            // The lock has gone to the node.
            held.Dispose();
            Assert.Throws<DataDirectoryException>(() => HeldDirectory.Take("/d", Settings, disk));
            Assert.True(node.Created);
            Assert.Equal(Cluster, node.Meta.ClusterId);
        }

        using var again = HeldDirectory.Take("/d", Settings, disk.AfterPowerCut(0));
        Assert.Equal(Cluster, again.Meta!.ClusterId);
    }

    [Fact]
    public void Should_name_both_clusters_when_the_marker_is_of_another_one()
    {
        var disk = new MemoryDisk();
        NodeDirectory.Open("/d", Settings, disk).Dispose();
        using var held = HeldDirectory.Take("/d", Settings, disk);
        var error = Assert.Throws<DataDirectoryException>(() => held.Open(Cluster));
        Assert.Equal(DataDirectoryProblem.ClusterMismatch, error.Problem);
        Assert.Contains(Cluster.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(held.Meta!.ClusterId.ToString(), error.Message, StringComparison.Ordinal);
    }
}
