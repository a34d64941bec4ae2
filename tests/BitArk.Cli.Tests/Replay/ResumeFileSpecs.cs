using BitArk.Cli.Replay;

namespace BitArk.Cli.Tests.Replay;

public sealed class ResumeFileSpecs
{
    private static readonly ReplayPosition Sample = new(new TraceFingerprint(1234, 0xABCDEF), "c1", "", 512, 77, 1024, 5000);

    [Fact]
    public void Should_have_this_text_when_formatted() => Assert.Equal(
        """
        bitark-replay 1
        trace-bytes=1234
        trace-xxh3=0000000000abcdef
        cluster=c1
        namespace=
        batch=512
        session=77
        reads=1024
        changed=5000
        exact=1
        crc32=186d0516

        """,
        ResumeFile.Format(Sample));

    [Fact]
    public void Should_load_what_was_saved()
    {
        using var directory = new TemporaryDirectory();
        var file = new ResumeFile(directory.File("resume"));
        file.Save(Sample);
        file.Save(Sample with { Reads = 2048 });
        Assert.Equal(Sample with { Reads = 2048 }, file.Load(out var problem));
        Assert.Null(problem);
        Assert.Single(Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void Should_load_nothing_when_there_is_no_file()
    {
        using var directory = new TemporaryDirectory();
        Assert.Null(new ResumeFile(directory.File("resume")).Load(out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public void Should_ignore_the_file_and_say_so_when_any_of_its_bytes_is_changed_or_missing()
    {
        using var directory = new TemporaryDirectory();
        var file = new ResumeFile(directory.File("resume"));
        var text = ResumeFile.Format(Sample);
        for (var i = 0; i < text.Length; i++)
        {
            File.WriteAllText(file.Path, text[..i] + (char)(text[i] ^ 1) + text[(i + 1)..]);
            Assert.Null(file.Load(out var problem));
            Assert.NotNull(problem);
            Assert.Null(ResumeFile.Parse(text[..i]));
        }
    }

    [Fact]
    public void Should_conflict_only_when_going_on_would_be_wrong()
    {
        Assert.Null(Sample.Conflict(Sample with { Reads = 0, Changed = 0 }));
        Assert.Contains("cluster", Sample.Conflict(Sample with { Cluster = "c2" }), StringComparison.Ordinal);
        Assert.Contains("trace", Sample.Conflict(Sample with { Trace = default }), StringComparison.Ordinal);
        Assert.Contains("namespace", Sample.Conflict(Sample with { Namespace = "x" }), StringComparison.Ordinal);
        Assert.Contains("--batch", Sample.Conflict(Sample with { BatchSize = 1 }), StringComparison.Ordinal);
        var withoutSession = Sample with { Session = 0 };
        Assert.Null(withoutSession.Conflict(withoutSession with { BatchSize = 1 }));
    }
}
