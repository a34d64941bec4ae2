namespace BitArk.Node.Tests.Http;

/// <summary>The examples of the contract, in its order, on one node. Bodies are compared byte for byte; only white space and the token differ.</summary>
public sealed class JsonExampleSpecs
{
    [Fact]
    public async Task Should_answer_the_bytes_of_the_contract_when_its_examples_are_followed()
    {
        await using var node = await RunningNode.StartAsync();

        await AssertAsync(
            node.Http.PostForTextAsync("/v1/mark", """{"user": 1, "channel": 2, "upTo": 9}"""),
            """{"changed": "9", "token": "…"}""");
        await AssertAsync(
            node.Http.PostForTextAsync("/v1/write", """{"operations": [{"user": 1, "channel": 2, "mark": {"messages": [12]}}]}"""),
            """{"results": [{"changed": "1"}], "token": "…"}""");
        await AssertAsync(
            node.Http.GetForTextAsync("/v1/users/1/channels/2/messages/12"),
            """{"read": true, "token": "…"}""");
        await AssertAsync(
            node.Http.PostForTextAsync("/v1/are-read", """{"user": 1, "items": [{"channel": 2, "messages": [9, 10]}]}"""),
            """{"items": [{"channel": "2", "read": [true, false]}], "token": "…"}""");
        await AssertAsync(
            node.Http.GetForTextAsync("/v1/users/1/channels/2?head=20&maxRanges=10"),
            """{"cursor": "9", "unread": "10", "firstUnread": "10", "ranges": [{"from": "1", "to": "9"}, {"from": "12", "to": "12"}], "truncated": false, "token": "…"}""");
        await AssertAsync(
            node.Http.PostForTextAsync("/v1/unread", """{"user": 1, "channels": [{"channel": 2, "head": 20}]}"""),
            """{"channels": [{"channel": "2", "unread": "10", "firstUnread": "10"}], "total": "10", "token": "…"}""");
        await AssertAsync(
            node.Http.PostForTextAsync("/v1/readers", """{"channel": 2, "message": 12, "users": [1, 5]}"""),
            """{"readers": ["1"], "count": 1, "token": "…"}""");
    }

    [Fact]
    public async Task Should_write_defaults_when_nothing_was_read()
    {
        await using var node = await RunningNode.StartAsync();

        await AssertAsync(node.Http.GetForTextAsync("/v1/users/9/channels/9/messages/0"), """{"read": false, "token": "…"}""");
        await AssertAsync(
            node.Http.GetForTextAsync("/v1/users/9/channels/9"),
            """{"cursor": "0", "ranges": [], "truncated": false, "token": "…"}""");
        await AssertAsync(
            node.Http.PostForTextAsync("/v1/unread", """{"user": 9, "channels": [{"channel": 2, "head": 0}]}"""),
            """{"channels": [{"channel": "2", "unread": "0"}], "total": "0", "token": "…"}""");
        await AssertAsync(
            node.Http.PostForTextAsync("/v1/readers", """{"channel": 2, "message": 12, "users": [8]}"""),
            """{"readers": [], "count": 0, "token": "…"}""");
        await AssertAsync(
            node.Http.PostForTextAsync("/v1/unmark", """{"user": 9, "channel": 2, "messages": ["3"]}"""),
            """{"changed": "0", "token": "…"}""");
    }

    [Fact]
    public async Task Should_read_numbers_and_strings_and_ignore_what_it_does_not_know_when_parsing()
    {
        await using var node = await RunningNode.StartAsync();

        await AssertAsync(
            node.Http.PostForTextAsync(
                "/v1/mark",
                """{"user": "9223372036854775806", "channel": 9223372036854775806, "ranges": [{"from": "0", "to": 9223372036854775806}], "colour": {"deep": [1]}}"""),
            """{"changed": "9223372036854775807", "token": "…"}""");
        await AssertAsync(
            node.Http.GetForTextAsync("/v1/users/9223372036854775806/channels/9223372036854775806/messages/0?colour=red"),
            """{"read": true, "token": "…"}""");
    }

    private static async Task AssertAsync(Task<string> answering, string expected)
    {
        var actual = Json.WithoutToken(await answering);
        Assert.Equal(Compact(expected), Compact(actual));
    }

    private static string Compact(string json) => json.Replace(" ", "", StringComparison.Ordinal);
}
