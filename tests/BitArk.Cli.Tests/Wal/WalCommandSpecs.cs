using System.Buffers.Binary;
using System.IO.Hashing;
using BitArk.Cli.Terminal;
using BitArk.Cli.Tests.Files;
using BitArk.Storage.Replica;

namespace BitArk.Cli.Tests.Wal;

public sealed class WalCommandSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Should_print_each_record_and_operation_on_a_line_of_its_own_when_dumped()
    {
        using var replica = Small();
        var dump = await CommandLine.RunAsync("wal", "dump", _directory.Path, "--operations");
        Assert.Equal(
            $"""
            E1@0:0x40 EpochStart leader=node1 bytes=38
            E1@0:0x68 Marks session=- ops=1 bytes=33
            E1@0:0x68   mark ns=0 user=7 channel=2 ids=1-9
            E1@0:0x90 Marks session=5 sequence=1 ops=2 bytes=54
            E1@0:0x90   unmark ns=3 user=7 channel=2 ids=4
            E1@0:0x90   mark ns=0 user=300 channel=2 ids=12
            # partition 0 cluster={replica.Cluster} segments=0 of 64.0 KiB base=0:0x40 durable=0:0xC8 commit=0:0xC8
            # partition 0 SOUND up to 0:0xC8: 3 records, last epoch E1

            """,
            dump.Output);
        Assert.Equal(ExitCode.Fine, dump.Code);
    }

    [Theory]
    [InlineData("0:0x90")]
    [InlineData("0x90")]
    [InlineData("144")]
    [InlineData("0:0x69")]
    public async Task Should_begin_at_a_position_when_it_is_given(string from)
    {
        using var replica = Small();
        var dump = await CommandLine.RunAsync("wal", "dump", _directory.Path, "--from", from);
        Assert.StartsWith("E1@0:0x90 Marks", dump.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_stop_when_the_limit_is_reached()
    {
        using var replica = Small();
        var dump = await CommandLine.RunAsync("wal", "dump", _directory.Path, "--limit", "1");
        Assert.Equal("E1@0:0x40 EpochStart leader=node1 bytes=38\n# partition 0 stopped after 1 records\n", dump.Output);
    }

    [Fact]
    public async Task Should_find_the_log_sound_when_it_spans_segments_and_its_owner_still_runs()
    {
        using var replica = Small();
        while (replica.End.Value < 3 * SampleReplica.SegmentBytes)
        {
            replica.Write(0, 0, [.. Enumerable.Range(1, 500).Select(i => SampleReplica.Operation(OperationKind.Mark, i, 1, i, i * 2))]);
        }

        var verdict = await CommandLine.RunAsync("wal", "verify", _directory.Path);
        Assert.Equal(ExitCode.Fine, verdict.Code);
        Assert.Contains("partition 0 SOUND up to 3:0x", verdict.Output, StringComparison.Ordinal);
        Assert.Contains(" segments=0-", verdict.Output, StringComparison.Ordinal);
        var dump = await CommandLine.RunAsync("wal", "dump", replica.Directory.Root);
        Assert.Contains(" Pad bytes=", dump.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_call_bytes_behind_the_end_a_torn_tail_and_not_damage()
    {
        string segment;
        using (var replica = Small())
        {
            segment = Segment(replica);
        }

        Flip(segment, 0xC8 + 3);
        var verdict = await CommandLine.RunAsync("wal", "verify", _directory.Path);
        Assert.Equal(ExitCode.Fine, verdict.Code);
        Assert.Contains("torn tail", verdict.Output, StringComparison.Ordinal);
        Assert.Contains(segment, verdict.Output, StringComparison.Ordinal);
    }

    // What the log's owner is about to write is no torn tail of a crash.
    [Fact]
    public async Task Should_say_that_the_rest_was_being_written_when_the_node_is_running()
    {
        using var replica = Small();
        Flip(Segment(replica), 0xC8 + 3);
        foreach (var verb in (string[])["verify", "dump"])
        {
            var verdict = await CommandLine.RunAsync("wal", verb, replica.Directory.Root);
            Assert.Equal(ExitCode.Fine, verdict.Code);
            Assert.Contains("partition 0 SOUND up to 0:0xC8: 3 records, last epoch E1; its node is running, and what follows was being written", verdict.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_print_what_the_marks_say_when_verified()
    {
        using var replica = Small();
        File.WriteAllText(replica.Directory.RejoiningMarkPath, "rejoining");
        File.WriteAllText(replica.Directory.GuardMarkPath, "guarded");
        var verdict = await CommandLine.RunAsync("wal", "verify", _directory.Path);
        Assert.Equal(ExitCode.Fine, verdict.Code);
        Assert.Contains("partition 0 promised=E1 proposer=- guarded=yes rejoining=yes\n", verdict.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("damaged.mark", "an earlier run found that bytes of this replica are bad")]
    [InlineData("epoch.mark", "no slot is readable")]
    [InlineData("missing epoch.mark", "the epochs this replica has promised are forgotten")]
    [InlineData("lower epoch.mark", "it knows epochs up to E0, but the log has reached E1")]
    [InlineData("install.intent", "its intent is unreadable")]
    [InlineData("intent without snapshot", "is gone; only a full sync helps")]
    [InlineData("guard.mark", "journal.db', which is missing")]
    public async Task Should_end_with_the_code_of_damage_when_a_mark_says_so_though_the_log_reads_well(string mark, string reason)
    {
        using (var replica = Small())
        {
            var files = replica.Directory;
            switch (mark)
            {
                case "damaged.mark": replica.MarkDamaged(); break;
                case "epoch.mark": File.WriteAllText(files.EpochMarkPath, "x"); break;
                case "missing epoch.mark": File.Delete(files.EpochMarkPath); break;
                case "lower epoch.mark": WriteEpochMark(replica, Epoch.None); break;
                case "install.intent": File.WriteAllText(files.InstallIntentPath, "x"); break;
                case "intent without snapshot": File.WriteAllBytes(files.InstallIntentPath, Intent(replica, new Lsn(64))); break;
                default: File.WriteAllText(files.GuardMarkPath, "guarded"); break;
            }
        }

        var verdict = await CommandLine.RunAsync("wal", "verify", _directory.Path);

        Assert.Equal(ExitCode.DamageFound, verdict.Code);
        Assert.Contains("partition 0 SOUND", verdict.Output, StringComparison.Ordinal);
        Assert.Contains("partition 0 DAMAGED by its marks", verdict.Output, StringComparison.Ordinal);
        Assert.Contains(reason, verdict.Output, StringComparison.Ordinal);
    }

    // The next start completes it, and the half-removed log is nothing to it.
    [Fact]
    public async Task Should_not_count_the_log_while_a_snapshot_is_being_installed()
    {
        using (var replica = Small())
        {
            var snapshot = replica.Snapshot();
            replica.MarkDamaged();
            File.WriteAllBytes(replica.Directory.InstallIntentPath, Intent(replica, snapshot.Lsn));
            File.Delete(Segment(replica));
        }

        var verdict = await CommandLine.RunAsync("wal", "verify", _directory.Path);

        Assert.Equal(ExitCode.Fine, verdict.Code);
        Assert.Contains("partition 0 INSTALLING the snapshot at ", verdict.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("by its marks", verdict.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_end_with_the_code_of_damage_and_say_where_when_a_durable_byte_is_changed()
    {
        string segment;
        using (var replica = Small())
        {
            segment = Segment(replica);
        }

        Flip(segment, 0x85);
        var before = File.ReadAllBytes(segment);
        foreach (var verb in (string[])["verify", "dump"])
        {
            var verdict = await CommandLine.RunAsync("wal", verb, _directory.Path);
            Assert.Equal(ExitCode.DamageFound, verdict.Code);
            Assert.Contains($"partition 0 DAMAGED at 0:0x68, {segment} offset 0x68: the record's checksum does not match", verdict.Output, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllBytes(segment));
    }

    [Fact]
    public async Task Should_change_no_file_when_it_reads()
    {
        using var replica = Small();
        var before = Fingerprint();
        await CommandLine.RunAsync("wal", "verify", _directory.Path);
        await CommandLine.RunAsync("wal", "dump", _directory.Path);
        await CommandLine.RunAsync("snapshot", "verify", _directory.Path);
        Assert.Equal(before, Fingerprint());
    }

    [Theory]
    [InlineData("wal", "verify")]
    [InlineData("wal", "dump")]
    [InlineData("snapshot", "info")]
    [InlineData("snapshot", "verify")]
    public async Task Should_end_with_the_usage_code_when_there_is_no_data(string command, string verb)
    {
        var result = await CommandLine.RunAsync(command, verb, _directory.Path);
        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains(_directory.Path, result.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await CommandLine.RunAsync(command, verb, _directory.File("missing"))).Code);
    }

    [Fact]
    public async Task Should_end_with_the_usage_code_when_the_partition_or_position_is_none()
    {
        using var replica = Small();
        Assert.Equal(ExitCode.Usage, (await CommandLine.RunAsync("wal", "verify", _directory.Path, "--partition", "1")).Code);
        Assert.Equal(ExitCode.Usage, (await CommandLine.RunAsync("wal", "dump", _directory.Path, "--from", "0:0x10000")).Code);
        Assert.Equal(ExitCode.Usage, (await CommandLine.RunAsync("wal", "dump", _directory.Path, "--from", "here")).Code);
    }

    private SampleReplica Small()
    {
        var replica = new SampleReplica(_directory.Path);
        replica.Write(0, 0, SampleReplica.Operation(OperationKind.Mark, 7, 2, 1, 9));
        replica.Write(5, 1, SampleReplica.Operation(OperationKind.Unmark, 7, 2, 4, 4, ns: 3), SampleReplica.Operation(OperationKind.Mark, 300, 2, 12, 12));
        replica.MarkDurable();
        return replica;
    }

    private static void WriteEpochMark(SampleReplica replica, Epoch epoch)
    {
        var bytes = new byte[4096 + EpochMark.LoneSize];
        var mark = new EpochMark(ClusterOf(replica), new PartitionId(0), epoch);
        mark.Write(bytes);
        mark.Write(bytes.AsSpan(4096));
        File.WriteAllBytes(replica.Directory.EpochMarkPath, bytes);
    }

    // By the ruler in snapshot-format.md.
    private static byte[] Intent(SampleReplica replica, Lsn snapshot)
    {
        var bytes = new byte[64];
        "BARKINST"u8.CopyTo(bytes);
        bytes[8] = bytes[10] = 1;
        ClusterOf(replica).Value.TryWriteBytes(bytes.AsSpan(16), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), snapshot.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32.HashToUInt32(bytes.AsSpan(0, 60)));
        return bytes;
    }

    private static ClusterId ClusterOf(SampleReplica replica) => new(Guid.Parse(replica.Cluster));

    private static string Segment(SampleReplica replica) => Path.Combine(replica.Directory.WalPath, "0000000000000000.wal");

    private static void Flip(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 0x40));
    }

    private string Fingerprint() => string.Join('\n', Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file => $"{file} {File.GetLastWriteTimeUtc(file).Ticks} {new FileInfo(file).Length}"));
}
