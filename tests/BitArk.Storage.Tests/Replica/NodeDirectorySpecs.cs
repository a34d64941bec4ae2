using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

public sealed class NodeDirectorySpecs
{
    private static readonly CreationSettings Settings = new("node1", 4, 1, 65536, 64, 1 << 20);

    public static TheoryData<string, string, string, CreationSettings> Mismatches => new()
    {
        { "bitark.node-name", "node1", "node2", Settings with { NodeName = "node2" } },
        { "bitark.partitions", "4", "8", Settings with { Partitions = 8 } },
        { "bitark.wal.segment-bytes", "65536", "131072", Settings with { SegmentBytes = 131072 } },
        { "bitark.sessions.window", "64", "32", Settings with { SessionWindow = 32 } },
        { "bitark.sessions.max-bytes", "1048576", "2097152", Settings with { SessionMaxBytes = 2 << 20 } },
    };

    public static TheoryData<string, CreationSettings> Unusable => new()
    {
        { "bitark.node-name", Settings with { NodeName = "" } },
        { "bitark.node-name", Settings with { NodeName = new string('n', 256) } },
        { "bitark.partitions", Settings with { Partitions = 0 } },
        { "bitark.replication-factor", Settings with { ReplicationFactor = 0 } },
        { "bitark.wal.segment-bytes", Settings with { SegmentBytes = 65537 } },
        { "bitark.wal.segment-bytes", Settings with { SegmentBytes = 2L << 30 } },
        { "bitark.sessions.window", Settings with { SessionWindow = 0 } },
        { "bitark.sessions.max-bytes", Settings with { SessionMaxBytes = 1000 } },
    };

    [Fact]
    public void Should_keep_identity_when_opened_again()
    {
        var disk = new MemoryDisk();
        NodeMeta meta;
        using (var node = NodeDirectory.Open("/d", Settings, disk))
        {
            Assert.True(node.Created);
            meta = node.Meta;
        }

        using var again = NodeDirectory.Open("/d", Settings with { ReplicationFactor = 3 }, disk.AfterPowerCut(0));
        Assert.False(again.Created);
        Assert.Equal(meta, again.Meta);
        Assert.NotEqual(Guid.Empty, meta.Incarnation);
    }

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void Should_name_both_values_when_a_setting_differs_from_creation(string key, string was, string now, CreationSettings asked)
    {
        var disk = new MemoryDisk();
        NodeDirectory.Open("/d", Settings, disk).Dispose();
        var e = Assert.Throws<DataDirectoryException>(() => NodeDirectory.Open("/d", asked, disk));
        Assert.Equal(DataDirectoryProblem.SettingMismatch, e.Problem);
        Assert.Contains($"{key} is {now}", e.Message, StringComparison.Ordinal);
        Assert.Contains($"created with {was}", e.Message, StringComparison.Ordinal);
        // A refusal holds nothing: the right settings work at once.
        NodeDirectory.Open("/d", Settings, disk).Dispose();
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Should_name_the_key_when_a_setting_cannot_be_used(string key, CreationSettings asked)
    {
        var disk = new MemoryDisk();
        var e = Assert.Throws<DataDirectoryException>(() => NodeDirectory.Open("/d", asked, disk));
        Assert.Equal(DataDirectoryProblem.SettingInvalid, e.Problem);
        Assert.Contains(key, e.Message, StringComparison.Ordinal);
        Assert.Empty(disk.Dump());
    }

    [Fact]
    public void Should_refuse_when_another_process_holds_the_directory()
    {
        var disk = new MemoryDisk();
        using var node = NodeDirectory.Open("/d", Settings, disk);
        var e = Assert.Throws<DataDirectoryException>(() => NodeDirectory.Open("/d", Settings, disk));
        Assert.Equal(DataDirectoryProblem.InUse, e.Problem);
    }

    [Theory]
    [InlineData("/d/partitions/0/wal", "0000000000000000.wal")]
    [InlineData("/d/partitions/3/snapshots", "0000000000000040.snap")]
    [InlineData("/d/partitions/0", "durable.mark")]
    [InlineData("/d/partitions/9", "epoch.mark")]
    [InlineData("/d/created", "2")]
    public void Should_never_start_empty_when_there_is_data_without_a_marker(string directory, string name)
    {
        var disk = new MemoryDisk();
        DurableDirectory.Create(disk, directory);
        disk.Open($"{directory}/{name}", DiskOpenMode.Create).Dispose();
        var e = Assert.Throws<DataDirectoryException>(() => NodeDirectory.Open("/d", Settings, disk));
        Assert.Equal(DataDirectoryProblem.MarkerMissing, e.Problem);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.False(disk.FileExists("/d/node.meta"));
    }

    [Fact]
    public void Should_refuse_when_the_marker_is_damaged()
    {
        var disk = new MemoryDisk();
        NodeDirectory.Open("/d", Settings, disk).Dispose();
        disk.Corrupt("/d/node.meta", bytes => bytes[50] ^= 1);
        Assert.Equal(DataDirectoryProblem.MarkerDamaged, Assert.Throws<DataDirectoryException>(() => NodeDirectory.Open("/d", Settings, disk)).Problem);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Should_end_with_one_identity_when_creation_is_interrupted_anywhere(bool powerCut)
    {
        for (var at = 1; ; at++)
        {
            var memory = new MemoryDisk();
            var disk = new FaultyDisk(memory) { CrashAt = at };
            try
            {
                NodeDirectory.Open("/d", Settings, disk).Dispose();
            }
            catch (SimulatedCrashException)
            {
            }

            var left = powerCut ? memory.AfterPowerCut(at) : memory.AfterKill();
            NodeMeta meta;
            using (var node = NodeDirectory.Open("/d", Settings, left))
                meta = node.Meta;
            using (var again = NodeDirectory.Open("/d", Settings, left.AfterPowerCut(at)))
                Assert.Equal(meta, again.Meta);
            if (!disk.HasFired)
                break;
        }
    }
}
