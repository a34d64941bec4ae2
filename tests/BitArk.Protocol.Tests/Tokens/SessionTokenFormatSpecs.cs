using System.Buffers.Text;
using System.Globalization;
using CsCheck;

namespace BitArk.Protocol.Tests.Tokens;

public sealed class SessionTokenFormatSpecs
{
    private const string Header = "01" + "00112233445566778899aabbccddeeff";

    private static readonly ClusterId Cluster = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

    [Theory]
    [InlineData("", Header)]
    [InlineData("0/1/64", Header + "00" + "01" + "40")]
    [InlineData("0/1/128", Header + "00" + "01" + "8001")]
    [InlineData("0/3/8000 7/300/9223372036854775806", Header + "00" + "03" + "c03e" + "07" + "ac02" + "feffffffffffffff7f")]
    public void Should_keep_its_bytes_when_built_by_any_version_of_this_code(string entries, string hex)
    {
        var token = SessionToken.Empty(Cluster);
        foreach (var entry in entries.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split('/').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            token = token.With(new TokenEntry(new PartitionId((int)parts[0]), new Epoch(parts[1]), new Lsn(parts[2])));
        }

        Assert.Equal(hex, Convert.ToHexStringLower(Base64Url.DecodeFromChars(token.ToString())));
        Assert.True(SessionToken.TryParse(token.ToString(), out var parsed, out _));
        Assert.Equal(token, parsed);
    }

    [Fact]
    public void Should_look_like_this_when_printed() =>
        Assert.Equal(
            "AQARIjNEVWZ3iJmqu8zd7v8AAUA",
            SessionToken.Format(Cluster, new TokenEntry(new PartitionId(0), new Epoch(1), new Lsn(64))));

    [Fact]
    public void Should_read_back_what_it_wrote_when_the_token_is_any() =>
        SessionTokenSpecs.AnyToken.Sample(token => SessionToken.TryParse(token.ToString(), out var parsed, out _) && token.Equals(parsed));

    [Theory]
    [InlineData("", TokenFailure.Truncated)]
    [InlineData("A", TokenFailure.NotBase64Url)]
    [InlineData("hello world", TokenFailure.NotBase64Url)]
    [InlineData("AQARIjNEVWZ3iJmqu8zd7v8AAU\n", TokenFailure.NotBase64Url)]
    [InlineData("AQARIjNEVWZ3iJmqu8zd7v8AAUA=", TokenFailure.NotBase64Url)]
    [InlineData("AQARIjNEVWZ3iJmqu8zd7v8AAU+/", TokenFailure.NotBase64Url)]
    [InlineData("AQARIjNEVWZ3iJmqu8zd7v8AAUB", TokenFailure.NotBase64Url)]
    [InlineData("Ag", TokenFailure.UnknownVersion)]
    [InlineData("AQ", TokenFailure.Truncated)]
    public void Should_say_why_when_the_text_is_no_token(string text, TokenFailure expected)
    {
        Assert.False(SessionToken.TryParse(text, out var token, out var failure));
        Assert.Null(token);
        Assert.Equal(expected, failure);
    }

    [Theory]
    [InlineData("0001", TokenFailure.Truncated)]
    [InlineData("000180", TokenFailure.Truncated)]
    [InlineData("00018000", TokenFailure.BadNumber)]
    [InlineData("0001ffffffffffffffffff01", TokenFailure.BadNumber)]
    [InlineData("80808080080101", TokenFailure.BadNumber)]
    [InlineData("010101" + "010102", TokenFailure.NotSorted)]
    [InlineData("020101" + "010101", TokenFailure.NotSorted)]
    public void Should_say_why_when_the_entries_are_malformed(string hex, TokenFailure expected)
    {
        var text = Base64Url.EncodeToString(Convert.FromHexString(Header + hex));

        Assert.False(SessionToken.TryParse(text, out _, out var failure));
        Assert.Equal(expected, failure);
    }

    [Fact]
    public void Should_refuse_when_the_text_is_too_long()
    {
        Assert.False(SessionToken.TryParse(new string('A', SessionToken.MaxTextLength + 1), out _, out var failure));
        Assert.Equal(TokenFailure.TooLong, failure);
    }

    [Fact]
    public void Should_never_throw_and_have_one_text_per_token_when_the_bytes_are_any() =>
        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            if (bytes.Length > 0)
                bytes[0] = 1;
            var text = Base64Url.EncodeToString(bytes);
            return !SessionToken.TryParse(text, out var token, out _) || token.ToString() == text;
        });
}
