using System.Text;
using BitArk.Cli.Replay;

namespace BitArk.Cli.Tests.Replay;

public sealed class TraceRowParserSpecs
{
    [Fact]
    public void Should_parse_a_read_when_the_line_is_sound()
    {
        Assert.True(TraceRowParser.TryParse("1377283090,2,307,read,2,3"u8, out var row, out _));
        Assert.Equal(new TraceRow(1377283090, 2, 307, TraceKind.Read, 2, 3), row);
    }

    [Fact]
    public void Should_parse_a_post_when_the_line_is_sound()
    {
        Assert.True(TraceRowParser.TryParse("1,2,3,post,9223372036854775806,9223372036854775806"u8, out var row, out _));
        Assert.Equal(new TraceRow(1, 2, 3, TraceKind.Post, Ids.Max, Ids.Max), row);
    }

    [Theory]
    [InlineData("", "unix_seconds")]
    [InlineData("x,2,3,read,1,2", "unix_seconds")]
    [InlineData("1,-2,3,read,1,2", "channel")]
    [InlineData("1,2,9223372036854775807,read,1,2", "user")]
    [InlineData("1,2,3,seen,1,2", "kind")]
    [InlineData("1,2,3,reads,1,2", "kind")]
    [InlineData("1,2,3,read,5,4", "from and to")]
    [InlineData("1,2,3,read,4", "from and to")]
    [InlineData("1,2,3,read,4,5,", "from and to")]
    [InlineData("1,2,3,read,4,5 ", "from and to")]
    [InlineData("1,2,3,post,4,5", "a post is one message")]
    public void Should_name_the_field_when_a_line_is_wrong(string line, string named)
    {
        Assert.False(TraceRowParser.TryParse(Encoding.ASCII.GetBytes(line), out _, out var problem));
        Assert.StartsWith(named, problem, StringComparison.Ordinal);
    }
}
