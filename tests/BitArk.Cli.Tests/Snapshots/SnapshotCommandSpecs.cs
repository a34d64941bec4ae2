using BitArk.Cli.Terminal;
using BitArk.Cli.Tests.Files;

namespace BitArk.Cli.Tests.Snapshots;

public sealed class SnapshotCommandSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Should_list_snapshots_newest_first_when_asked_about_a_directory()
    {
        using var replica = new SampleReplica(_directory.Path);
        replica.Write(5, 1, SampleReplica.Operation(OperationKind.Mark, 7, 2, 1, 9));
        var older = replica.Snapshot();
        replica.Write(0, 0, SampleReplica.Operation(OperationKind.Mark, 8, 2, 1, 9));
        var newer = replica.Snapshot();

        var info = await CommandLine.RunAsync("snapshot", "info", _directory.Path);

        Assert.Equal(ExitCode.Fine, info.Code);
        Assert.Equal(
            $"""
            E1@{newer.Lsn.Format(SampleReplica.SegmentBytes)} partition=0 cluster={replica.Cluster} readsets=2 sessions=1 bytes={newer.Bytes} {newer.Path}
            E1@{older.Lsn.Format(SampleReplica.SegmentBytes)} partition=0 cluster={replica.Cluster} readsets=1 sessions=1 bytes={older.Bytes} {older.Path}

            """,
            info.Output);

        var verdict = await CommandLine.RunAsync("snapshot", "verify", newer.Path);
        Assert.Equal(ExitCode.Fine, verdict.Code);
        Assert.StartsWith("SOUND E1@", verdict.Output, StringComparison.Ordinal);
        Assert.Contains($" blocks={newer.Blocks} ", verdict.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_end_with_the_code_of_damage_when_any_byte_of_a_snapshot_is_changed()
    {
        using var replica = new SampleReplica(_directory.Path);
        replica.Write(5, 1, SampleReplica.Operation(OperationKind.Mark, 7, 2, 1, 9));
        var sound = File.ReadAllBytes(replica.Snapshot().Path);
        var file = _directory.File("copy.snap");
        for (var at = 0; at < sound.Length; at += Math.Max(1, sound.Length / 50))
        {
            var bytes = sound.ToArray();
            bytes[at] ^= 1;
            File.WriteAllBytes(file, bytes);
            var verdict = await CommandLine.RunAsync("snapshot", "verify", file);
            Assert.Equal(ExitCode.DamageFound, verdict.Code);
            Assert.StartsWith($"DAMAGED {file} offset 0x", verdict.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_say_so_when_there_is_no_snapshot_yet()
    {
        using var replica = new SampleReplica(_directory.Path);
        var info = await CommandLine.RunAsync("snapshot", "info", _directory.Path);
        Assert.Equal((ExitCode.Fine, "no snapshot yet\n"), (info.Code, info.Output));
    }
}
