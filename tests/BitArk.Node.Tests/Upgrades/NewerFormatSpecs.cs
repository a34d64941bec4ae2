using System.Buffers.Binary;
using System.IO.Hashing;
using BitArk.Cluster;
using BitArk.Node.Tests.EndToEnd;

namespace BitArk.Node.Tests.Upgrades;

/// <summary>What a newer build has written is refused by its version, and stays as it is.</summary>
public sealed class NewerFormatSpecs : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    // The file; where its version is; what its checksum covers, from where on (the end of the file unless said); whether two slots have it.
    [Theory]
    [InlineData("node.meta", 10, 0, false)]
    [InlineData("partitions/1/wal/0000000000000001.wal", 10, 60, false)]
    [InlineData("partitions/2/durable.mark", 10, 76, true)]
    [InlineData("partitions/2/epoch.mark", 8, 60, true)]
    [InlineData("partitions/0/snapshots/00000000000003b8.snap", 10, 124, false)]
    public async Task Should_refuse_a_newer_file_by_its_version_and_change_no_byte(string file, int versionAt, int checksumAt, bool hasTwoSlots)
    {
        OldDirectory.Unpack(OldDirectory.Step1, _data.FullPath);
        Raise(file, versionAt, checksumAt, hasTwoSlots);
        await AssertRefusedAsync(file, 9);
    }

    [Theory]
    [InlineData("partitions/1/install.intent", "BARKINST", 64)]
    [InlineData("partitions/1/accepted.loss", "BARKLOSS", 52)]
    public async Task Should_refuse_a_newer_intent_by_its_version_and_change_no_byte(string file, string magic, int size)
    {
        OldDirectory.Unpack(OldDirectory.Step1, _data.FullPath);
        var bytes = new byte[size];
        System.Text.Encoding.ASCII.GetBytes(magic, bytes);
        bytes[8] = bytes[10] = 1;
        File.WriteAllBytes(Path.Combine(_data.FullPath, file), bytes);
        Raise(file, 10, 0, hasTwoSlots: false);
        await AssertRefusedAsync(file, 9);
    }

    [Theory]
    [InlineData("cluster.meta", 10, 0, false)]
    [InlineData("partitions/1/wal/0000000000000000.wal", 10, 60, false)]
    [InlineData("partitions/2/epoch.mark", 8, 60, true)]
    public async Task Should_refuse_a_newer_file_of_one_of_several_by_its_version_instead_of_repairing_it(string file, int versionAt, int checksumAt, bool hasTwoSlots)
    {
        OldDirectory.Unpack(OldDirectory.Step2, _data.FullPath);
        var root = Path.Combine(_data.FullPath, "node2");
        Raise(Path.Combine("node2", file), versionAt, checksumAt, hasTwoSlots);
        var before = OldDirectory.ContentOf(root);
        var port = FreePorts.Take(1)[0];
        var refused = await Assert.ThrowsAsync<NodeStartException>(() => RunningNode.StartStoredAtAsync(
            root,
            $$"""
            {{OldDirectory.Settings}}
            bitark { node-name = node2, replication-factor = 3, cluster { expected-nodes = 3, seed-nodes = ["127.0.0.1:{{port}}"] } }
            akka.remote.dot-netty.tcp.port = {{port}}
            """));
        AssertNames(refused, Path.Combine(root, file), 9);
        Assert.Equal(before, OldDirectory.ContentOf(root));
    }

    // One bit of one slot may rot: the other one has the promise.
    [Fact]
    public async Task Should_open_when_the_version_of_one_slot_has_rotted_and_the_other_is_sound()
    {
        OldDirectory.Unpack(OldDirectory.Step1, _data.FullPath);
        var path = Path.Combine(_data.FullPath, "partitions/2/epoch.mark");
        var bytes = File.ReadAllBytes(path);
        bytes[8] ^= 8;
        File.WriteAllBytes(path, bytes);
        await using var node = await RunningNode.StartStoredAsync(_data, OldDirectory.Settings);
    }

    public void Dispose() => _data.Dispose();

    private async Task AssertRefusedAsync(string file, int version)
    {
        var before = OldDirectory.ContentOf(_data.FullPath);
        var refused = await Assert.ThrowsAsync<NodeStartException>(() => RunningNode.StartStoredAsync(_data, OldDirectory.Settings));
        AssertNames(refused, Path.Combine(_data.FullPath, file), version);
        Assert.Equal(before, OldDirectory.ContentOf(_data.FullPath));
    }

    private static void AssertNames(NodeStartException refused, string path, int version)
    {
        Assert.Contains($"'{path}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"version {version} ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", refused.Message, StringComparison.Ordinal);
    }

    // As a newer build would have written it, whole.
    private void Raise(string file, int versionAt, int checksumAt, bool hasTwoSlots)
    {
        var path = Path.Combine(_data.FullPath, file);
        var bytes = File.ReadAllBytes(path);
        foreach (var slot in hasTwoSlots ? (int[])[0, 4096] : [0])
        {
            var part = bytes.AsSpan(slot);
            if (part.Length < versionAt + 2)
                continue;
            BinaryPrimitives.WriteUInt16LittleEndian(part[versionAt..], 9);
            var at = checksumAt == 0 ? part.Length - 4 : checksumAt;
            BinaryPrimitives.WriteUInt32LittleEndian(part[at..], Crc32.HashToUInt32(part[..at]));
        }

        File.WriteAllBytes(path, bytes);
    }
}
