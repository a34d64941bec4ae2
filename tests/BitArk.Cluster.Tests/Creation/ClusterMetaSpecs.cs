using BitArk.Cluster.Creation;
using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Creation;

/// <summary>The bytes of <c>cluster.meta</c> in the field: a change here is a change of format.</summary>
public sealed class ClusterMetaSpecs
{
    private static readonly ClusterMeta Meta = new(
        new ClusterLayout(new ClusterId(new Guid("00112233445566778899aabbccddeeff")), new LayoutTerms(8, 2, 1 << 26, 64, 1 << 25), [new("n1"), new("n2"), new("n3")]),
        LayoutStage.Joined);

    [Fact]
    public void Should_write_the_agreed_bytes_when_a_layout_is_kept()
    {
        var bytes = Bytes();
        Assert.Equal(
            "4241524B434C5553" + "0100" + "0100" + "4F000000" + "00112233445566778899AABBCCDDEEFF" + "08000000" + "02000000" + "0000000400000000"
            + "40000000" + "03" + "000000" + "0000000200000000" + "0300" + "026E31" + "026E32" + "026E33" + "A535801C",
            Convert.ToHexString(bytes));
        Assert.True(ClusterMeta.TryRead(bytes, out var read, out _));
        Assert.Equal(Meta, read);
    }

    [Fact]
    public void Should_refuse_a_layout_when_any_byte_is_flipped_or_missing()
    {
        var bytes = Bytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            Assert.False(ClusterMeta.TryRead(bytes, out _, out var reason));
            Assert.NotEmpty(reason);
            bytes[i] ^= 0x10;
            Assert.False(ClusterMeta.TryRead(bytes.AsSpan(0, i), out _, out _));
        }
    }

    [Theory]
    [InlineData(10, 2, "version 2")]
    [InlineData(52, 0, "stage")]
    [InlineData(52, 4, "stage")]
    [InlineData(36, 4, "do not fit 3 nodes")]
    [InlineData(32, 0, "do not fit")]
    [InlineData(64, 2, "node names")]
    [InlineData(64, 4, "node names")]
    [InlineData(66, 200, "node names")]
    [InlineData(68, 0x33, "node names")]
    [InlineData(67, 0x20, "node names")]
    public void Should_name_the_field_when_a_well_summed_layout_is_wrong(int offset, byte value, string reason)
    {
        var bytes = Bytes();
        bytes[offset] = value;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), System.IO.Hashing.Crc32.HashToUInt32(bytes.AsSpan(0, bytes.Length - 4)));
        Assert.False(ClusterMeta.TryRead(bytes, out _, out var said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_keep_the_old_file_when_the_new_one_could_not_be_written()
    {
        var root = Directory.CreateTempSubdirectory("bitark-meta-");
        var disk = new ScriptedDisk();
        var layout = new DataDirectory(root.FullName);
        Assert.Null(ClusterMetaFile.Read(layout, disk));
        ClusterMetaFile.Write(layout, Meta with { Stage = LayoutStage.Proposed }, disk);

        disk.Fail("rename", ClusterMetaFile.Name);
        Assert.ThrowsAny<IOException>(() => ClusterMetaFile.Write(layout, Meta, disk));

        Assert.Equal(LayoutStage.Proposed, ClusterMetaFile.Read(layout, disk)!.Stage);
        root.Delete(recursive: true);
    }

    [Fact]
    public void Should_say_what_to_do_when_the_file_is_damaged()
    {
        var root = Directory.CreateTempSubdirectory("bitark-meta-");
        File.WriteAllBytes(Path.Combine(root.FullName, ClusterMetaFile.Name), Bytes()[..^1]);
        var error = Assert.Throws<DataDirectoryException>(() => ClusterMetaFile.Read(new DataDirectory(root.FullName), new ScriptedDisk()));
        Assert.Equal(DataDirectoryProblem.MarkerDamaged, error.Problem);
        Assert.Contains("Restore it", error.Message, StringComparison.Ordinal);
        root.Delete(recursive: true);
    }

    private static byte[] Bytes()
    {
        var bytes = new byte[Meta.Size];
        Assert.Equal(bytes.Length, Meta.Write(bytes));
        return bytes;
    }
}
