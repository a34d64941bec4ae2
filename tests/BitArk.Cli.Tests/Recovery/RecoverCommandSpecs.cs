using System.Globalization;
using System.Text.RegularExpressions;
using BitArk.Cli.Terminal;
using BitArk.Cli.Tests.Files;
using BitArk.Cluster.Creation;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cli.Tests.Recovery;

public sealed class RecoverCommandSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private PartitionDirectory Files => new DataDirectory(_directory.Path).Partition(new PartitionId(0));

    private string Audit => Path.Combine(_directory.Path, "recovered.log");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Should_say_what_may_be_lost_and_change_nothing_without_the_word_of_the_operator()
    {
        Copy();
        var before = Content();
        var looked = await CommandLine.RunAsync("recover", _directory.Path);

        Assert.Equal(ExitCode.Fine, looked.Code);
        Assert.Equal(
            """
            partition 0 SOUND epoch=E1 written=0:0xC8 commit=0:0xC8 others=node2,node3
            partition 0   may be lost: everything acknowledged after 0:0xC8 by node2,node3 without this copy, which it cannot know of; and any later epoch that they led. Tokens and sessions of that are answered with TOKEN_LOST
            partition 0   may come back: writes between 0:0xC8 and 0:0xC8 whose callers were told that the outcome is unknown
            Nothing was changed. To make this copy the truth, run this again with --accept-loss.

            """,
            looked.Output);
        Assert.Equal(before, Content());
    }

    [Fact]
    public async Task Should_make_the_copy_the_truth_and_record_that_when_told_to()
    {
        Copy();
        File.WriteAllText(Files.RejoiningMarkPath, "rejoining");
        var recovered = await CommandLine.RunAsync("recover", _directory.Path, "--accept-loss");

        Assert.Equal(ExitCode.Fine, recovered.Code);
        Assert.Contains("it was still catching up", recovered.Output, StringComparison.Ordinal);
        var epoch = EpochOf(recovered.Output);
        Assert.True(epoch > 1 << 20, $"E{epoch}");
        var line = Assert.Single(File.ReadAllLines(Audit));
        Assert.Contains("partition=0 epoch=E1 written=0:0xC8 commit=0:0xC8: the loss of the copies on node2,node3 was accepted by ", line, StringComparison.Ordinal);
        Assert.False(File.Exists(Files.RejoiningMarkPath));

        var verified = await CommandLine.RunAsync("wal", "verify", _directory.Path);
        Assert.Equal(ExitCode.Fine, verified.Code);
        Assert.Contains($"partition 0 promised=E{epoch} proposer=- ", verified.Output, StringComparison.Ordinal);
        Assert.Contains("partition 0 ALONE: ", verified.Output, StringComparison.Ordinal);

        // Again is no harm: higher still, and another line.
        var again = await CommandLine.RunAsync("recover", _directory.Path, "--accept-loss");
        Assert.Contains("a loss was accepted here before, and is not over", again.Output, StringComparison.Ordinal);
        Assert.True(EpochOf(again.Output) > epoch);
        Assert.Equal(2, File.ReadAllLines(Audit).Length);
    }

    private static long EpochOf(string output) =>
        long.Parse(Regex.Match(output, @"partition 0 RECOVERED: this copy is the truth, and is led above E(\d+)\n").Groups[1].Value, CultureInfo.InvariantCulture);

    [Fact]
    public async Task Should_refuse_when_its_node_is_running()
    {
        Copy();
        using var running = PosixDisk.Instance.Lock(Path.Combine(_directory.Path, "LOCK"));
        var refused = await CommandLine.RunAsync("recover", _directory.Path, "--accept-loss");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("is in use by another process", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Audit));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_refuse_a_copy_whose_bytes_are_bad_whatever_is_accepted(bool acceptsDamage)
    {
        Copy();
        Flip(Path.Combine(Files.WalPath, "0000000000000000.wal"), 0x85);
        var before = Content();
        string[] flags = acceptsDamage ? ["--accept-loss", "--accept-damage"] : ["--accept-loss"];
        var refused = await CommandLine.RunAsync(["recover", _directory.Path, .. flags]);

        Assert.Equal(ExitCode.DamageFound, refused.Code);
        Assert.Contains("partition 0 UNUSABLE: its log is damaged at 0x68", refused.Output, StringComparison.Ordinal);
        Assert.Contains("take another node's copy", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed: partition 0 cannot become the truth here.\n", refused.Output, StringComparison.Ordinal);
        Assert.Equal(before, Content());
    }

    [Fact]
    public async Task Should_want_a_second_word_when_an_earlier_run_has_found_damage()
    {
        Copy(replica => replica.MarkDamaged());
        var before = Content();
        var refused = await CommandLine.RunAsync("recover", _directory.Path, "--accept-loss");
        Assert.Equal(ExitCode.DamageFound, refused.Code);
        Assert.Contains("Only with --accept-damage\n", refused.Output, StringComparison.Ordinal);
        Assert.Equal(before, Content());

        var recovered = await CommandLine.RunAsync("recover", _directory.Path, "--accept-loss", "--accept-damage");
        Assert.Equal(ExitCode.Fine, recovered.Code);
        Assert.False(File.Exists(Files.DamagedMarkPath));
        Assert.Contains("'bitark recover --accept-loss --accept-damage'", File.ReadAllText(Audit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_refuse_what_has_no_other_copies()
    {
        using (var replica = new SampleReplica(_directory.Path))
            replica.MarkDurable();

        var refused = await CommandLine.RunAsync("recover", _directory.Path, "--accept-loss");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("it is of a node alone", refused.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await CommandLine.RunAsync("recover", _directory.File("missing"))).Code);
        Directory.CreateDirectory(_directory.File("empty"));
        Assert.Equal(ExitCode.Usage, (await CommandLine.RunAsync("recover", _directory.File("empty"))).Code);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.File("empty")));
    }

    [Fact]
    public async Task Should_refuse_a_partition_that_is_not_here()
    {
        Copy();
        var refused = await CommandLine.RunAsync("recover", _directory.Path, "--partition", "3");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("node node1 has no replica of several of partition 3", refused.Error, StringComparison.Ordinal);
    }

    private void Copy(Action<SampleReplica>? also = null)
    {
        using var replica = new SampleReplica(_directory.Path);
        replica.Write(0, 0, SampleReplica.Operation(OperationKind.Mark, 7, 2, 1, 9));
        replica.Write(5, 1, SampleReplica.Operation(OperationKind.Unmark, 7, 2, 4, 4, ns: 3), SampleReplica.Operation(OperationKind.Mark, 300, 2, 12, 12));
        replica.MarkDurable();
        also?.Invoke(replica);
        var layout = new ClusterLayout(
            new ClusterId(Guid.Parse(replica.Cluster)),
            new LayoutTerms(1, 3, SampleReplica.SegmentBytes, 8, 64 << 10),
            [new NodeId("node1"), new NodeId("node2"), new NodeId("node3")]);
        var meta = new ClusterMeta(layout, LayoutStage.Created);
        var bytes = new byte[meta.Size];
        meta.Write(bytes);
        File.WriteAllBytes(Path.Combine(_directory.Path, "cluster.meta"), bytes);
    }

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 0x40;
        File.WriteAllBytes(path, bytes);
    }

    private string Content() => string.Join('\n', Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(System.IO.Hashing.Crc32.Hash(File.ReadAllBytes(file)))}"));
}
