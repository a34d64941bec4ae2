using BitArk.Replication.Leader;

namespace BitArk.Replication.Tests.Leader;

/// <summary>
/// Transcripts, in the manner of etcd's. After a wanted change let them be written anew and read the difference:
/// <c>BITARK_REWRITE_TRANSCRIPTS=$PWD/tests/BitArk.Replication.Tests/Leader/Transcripts dotnet test tests/BitArk.Replication.Tests</c>.
/// </summary>
public sealed class FollowerProgressSpecs
{
    public static TheoryData<string> Transcripts => [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)).Order()];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Leader", "Transcripts");

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Should_go_as_written(string transcript)
    {
        var run = new ProgressTranscript();
        var lines = File.ReadAllLines(Path.Combine(Folder, transcript));
        string[] actual = [.. lines.Select(line => line.Length == 0 || line[0] == '#' ? line : run.Run(line).TrimEnd())];
        if (Environment.GetEnvironmentVariable("BITARK_REWRITE_TRANSCRIPTS") is { Length: > 0 } into)
            File.WriteAllLines(Path.Combine(into, transcript), actual);

        Assert.Equal(string.Join('\n', lines), string.Join('\n', actual));
    }

    [Fact]
    public void Should_refuse_a_shipment_that_is_no_longer_wanted()
    {
        var progress = new FollowerProgress(Known.B, Known.Epoch, new ReplicationSettings(), new Random(1), Known.Ms(0));
        Assert.False(progress.Shipped(new Lsn(100), new Lsn(200), 100, 1, Lsn.Zero, Known.Ms(0)));
        progress.OnAck(Known.Ack(100), Known.Ms(0));
        Assert.False(progress.Shipped(new Lsn(99), new Lsn(200), 101, 1, Lsn.Zero, Known.Ms(0)));
        Assert.True(progress.Shipped(new Lsn(100), new Lsn(200), 100, 1, Lsn.Zero, Known.Ms(0)));
    }

    // The log is written up to 200.
    [Theory]
    [InlineData(true, 200, 200, true)]
    [InlineData(true, 200, 199, false)]
    [InlineData(true, 199, 200, false)]
    [InlineData(false, 200, 200, false)]
    public void Should_need_a_commit_when_a_learner_has_everything_and_everything_is_committed(bool isLearner, long matched, long commit, bool isNeeded)
    {
        var progress = new FollowerProgress(Known.B, Known.Epoch, new ReplicationSettings(), new Random(1), Known.Ms(0));
        progress.OnAck(Known.Ack(matched, isLearner: isLearner), Known.Ms(0));
        Assert.Equal(isNeeded, progress.IsLearnerInNeedOfCommit(Known.At(200), Known.At(commit)));
    }
}
