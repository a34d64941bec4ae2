using System.Net;

namespace BitArk.Node.Tests.Http;

public sealed class ItemLimitSpecs(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private const int Limit = 10_000;

    private HttpClient Http => fixture.Node.Http;

    public static TheoryData<string, string> Requests => new()
    {
        { "/v1/mark", """{"user": 1, "channel": 2, "messages": [#]}""" },
        { "/v1/write", """{"operations": [{"user": 1, "channel": 2, "mark": {"messages": [#]}}]}""" },
        { "/v1/are-read", """{"user": 1, "items": [{"channel": 2, "messages": [#]}]}""" },
        { "/v1/readers", """{"channel": 2, "message": 1, "users": [#]}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Should_serve_10000_items_and_refuse_one_more_when_asked(string path, string template)
    {
        using var served = await Http.PostJsonAsync(path, Fill(template, Limit, i => $"{i}"));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);

        var error = await Http.PostJsonAsync(path, Fill(template, Limit + 1, i => $"{i}")).ErrorOfAsync();
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_ARGUMENT"), (error.Status, error.Reason));
        Assert.Contains("10001", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/write", "operations", """{"user": 1, "channel": 2, "mark": {"upTo": 1}}""")]
    [InlineData("/v1/unread", "channels", """{"channel": 2, "head": 1}""")]
    public async Task Should_refuse_10001_when_the_items_are_objects(string path, string field, string item)
    {
        using var served = await Http.PostJsonAsync(path, Fill($$"""{"user": 1, "{{field}}": [#]}""", Limit, _ => item));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);

        var error = await Http.PostJsonAsync(path, Fill($$"""{"user": 1, "{{field}}": [#]}""", Limit + 1, _ => item)).ErrorOfAsync();
        Assert.Equal(("INVALID_ARGUMENT", field), (error.Reason, error.Metadata["field"]));
    }

    private static string Fill(string template, int count, Func<int, string> item) =>
        template.Replace("#", string.Join(',', Enumerable.Range(1, count).Select(item)), StringComparison.Ordinal);
}
