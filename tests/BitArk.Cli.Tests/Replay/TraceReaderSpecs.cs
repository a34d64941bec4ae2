using System.IO.Compression;
using System.Text;
using BitArk.Cli.Replay;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Tests.Replay;

public sealed class TraceReaderSpecs
{
    private const string Header = "unix_seconds,channel,user,kind,from,to\n";

    [Fact]
    public void Should_yield_every_row_when_lines_straddle_the_buffer()
    {
        var text = new StringBuilder(Header);
        for (var i = 1; i <= 20_000; i++)
        {
            text.Append(1_000_000 + i).Append(",1,").Append(i).Append(",read,1,").Append(i).Append('\n');
        }

        var rows = Rows(text.ToString());

        Assert.Equal(20_000, rows.Count);
        Assert.All(rows.Index(), row => Assert.Equal(row.Index + 1, row.Item.User));
    }

    [Theory]
    [InlineData("1,1,1,read,1,1")]
    [InlineData("1,1,1,read,1,1\n")]
    [InlineData("1,1,1,read,1,1\r\n")]
    public void Should_accept_the_last_line_when_its_end_is_any_of_the_usual(string last) =>
        Assert.Equal(new TraceRow(1, 1, 1, TraceKind.Read, 1, 1), Assert.Single(Rows(Header + last)));

    [Fact]
    public void Should_yield_nothing_when_there_is_only_a_header() => Assert.Empty(Rows(Header));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,b\n", "line 1")]
    [InlineData(Header + "1,1,1,read,1,1\nnonsense\n", "line 3")]
    public void Should_end_with_a_usage_error_that_names_the_line_when_the_text_is_wrong(string text, string named)
    {
        var failure = Assert.Throws<CliException>(() => Rows(text));
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_end_with_a_usage_error_when_a_line_never_ends() =>
        Assert.Throws<CliException>(() => Rows(Header + new string('7', 100_000)));

    [Fact]
    public void Should_end_with_a_usage_error_when_the_gzip_is_cut_or_foreign()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("foreign.csv.gz");
        File.WriteAllText(path, Header);
        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => TraceReader.ReadFile(path).Count()).ExitCode);
    }

    [Fact]
    public void Should_read_gzip_and_plain_alike()
    {
        using var directory = new TemporaryDirectory();
        var plain = directory.File("trace.csv");
        File.WriteAllText(plain, Header + "1,1,1,read,1,1\n");
        var gzipped = directory.File("trace.csv.gz");
        using (var stream = new GZipStream(File.Create(gzipped), CompressionLevel.Fastest))
        {
            stream.Write(File.ReadAllBytes(plain));
        }

        Assert.Equal(TraceReader.ReadFile(plain), TraceReader.ReadFile(gzipped));
    }

    private static List<TraceRow> Rows(string text) => [.. TraceReader.Read(new MemoryStream(Encoding.ASCII.GetBytes(text)), "trace")];
}
