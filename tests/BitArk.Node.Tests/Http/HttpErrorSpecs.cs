using System.Net;
using System.Text;

namespace BitArk.Node.Tests.Http;

public sealed class HttpErrorSpecs(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private HttpClient Http => fixture.Node.Http;

    [Theory]
    [InlineData("/v1/mark", """{"channel": 2, "upTo": 9}""", "user")]
    [InlineData("/v1/mark", """{"user": 1, "upTo": 9}""", "channel")]
    [InlineData("/v1/mark", """{"user": -1, "channel": 2, "upTo": 9}""", "user")]
    [InlineData("/v1/mark", """{"user": 9223372036854775807, "channel": 2, "upTo": 9}""", "user")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2}""", "messages")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2, "messages": [1, -5]}""", "messages[1]")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2, "ranges": [{"from": 1, "to": 2}, {"from": 4, "to": 3}]}""", "ranges[1].from")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2, "ranges": [{"from": 1, "to": -2}]}""", "ranges[0].to")]
    [InlineData("/v1/unmark", """{"user": 1, "channel": 2, "upTo": 0}""", "upTo")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2, "upTo": 1, "namespace": "nowhere"}""", "namespace")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2, "upTo": 1, "token": "nonsense"}""", "token")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2, "upTo": 1, "session": 5}""", "sequence")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2, "upTo": 1, "sequence": 5}""", "session")]
    [InlineData("/v1/mark", """{"user": 1, "channel": 2, "upTo": 1, "session": 0, "sequence": 5}""", "session")]
    [InlineData("/v1/write", """{"operations": []}""", "operations")]
    [InlineData("/v1/write", """{"operations": [{"user": 1, "channel": 2, "mark": {"upTo": 1}}, {"user": 1, "channel": 2}]}""", "operations[1].mark")]
    [InlineData("/v1/write", """{"operations": [{"user": 1, "channel": 2, "mark": {"upTo": 1}}, {"channel": 2, "mark": {"upTo": 1}}]}""", "operations[1].user")]
    [InlineData("/v1/write", """{"operations": [{"user": 1, "channel": 2, "unmark": {"messages": [-1]}}]}""", "operations[0].unmark.messages[0]")]
    [InlineData("/v1/are-read", """{"user": 1, "items": [{"messages": [1]}]}""", "items[0].channel")]
    [InlineData("/v1/are-read", """{"user": 1, "consistency": "TOKEN", "items": []}""", "token")]
    [InlineData("/v1/unread", """{"user": 1, "channels": [{"channel": 2}]}""", "channels[0].head")]
    [InlineData("/v1/readers", """{"channel": 2, "message": 3, "users": [1, -1]}""", "users[1]")]
    [InlineData("/v1/readers", """{"channel": 2, "users": [1]}""", "message")]
    [InlineData("/v1/admin/snapshot", """{"partition": 4}""", "partition")]
    [InlineData("/v1/admin/gc", """{"partition": -1}""", "partition")]
    [InlineData("/v1/admin/transfer-leader", """{"node": "node2"}""", "partition")]
    [InlineData("/v1/admin/transfer-leader", """{"partition": 0, "node": "node2"}""", "node")]
    public async Task Should_name_the_field_when_a_request_is_invalid(string path, string json, string field)
    {
        var error = await Http.PostJsonAsync(path, json).ErrorOfAsync();

        Assert.Equal((HttpStatusCode.BadRequest, 3, "INVALID_ARGUMENT"), (error.Status, error.Code, error.Reason));
        Assert.Equal(field, error.Metadata["field"]);
        Assert.StartsWith(field + ": ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/users/-1/channels/2/messages/3", "user")]
    [InlineData("/v1/users/1/channels/2/messages/9223372036854775807", "message")]
    [InlineData("/v1/users/1/channels/2?head=-1", "head")]
    [InlineData("/v1/users/1/channels/2?maxRanges=10001", "maxRanges")]
    [InlineData("/v1/users/1/channels/2?consistency=TOKEN", "token")]
    [InlineData("/v1/users/1/channels/2?namespace=nowhere", "namespace")]
    [InlineData("/v1/users/1/channels/2/bitmap?token=nonsense", "token")]
    [InlineData("/v1/users/x/channels/2/bitmap", "user")]
    [InlineData("/v1/users/1/channels/-2/bitmap", "channel")]
    [InlineData("/v1/users/1/channels/2/bitmap?consistency=SOMETIMES", "consistency")]
    public async Task Should_name_the_field_when_a_query_is_invalid(string path, string field)
    {
        var error = await Http.GetAsync(path).ErrorOfAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_ARGUMENT", field), (error.Status, error.Reason, error.Metadata["field"]));
    }

    [Theory]
    [InlineData("/v1/mark", "{")]
    [InlineData("/v1/mark", "")]
    [InlineData("/v1/mark", "null")]
    [InlineData("/v1/mark", "[]")]
    [InlineData("/v1/mark", """{"user": "one"}""")]
    [InlineData("/v1/mark", """{"user": 9223372036854775808}""")]
    [InlineData("/v1/are-read", """{"user": 1, "consistency": "SOMETIMES"}""")]
    public async Task Should_answer_in_the_same_shape_when_the_json_is_malformed(string path, string json)
    {
        var error = await Http.PostJsonAsync(path, json).ErrorOfAsync();

        Assert.Equal((HttpStatusCode.BadRequest, 3, "INVALID_ARGUMENT"), (error.Status, error.Code, error.Reason));
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, 5)]
    [InlineData("POST", "/nothing", HttpStatusCode.NotFound, 5)]
    [InlineData("GET", "/v1/mark", HttpStatusCode.MethodNotAllowed, 12)]
    [InlineData("DELETE", "/v1/users/1/channels/2", HttpStatusCode.MethodNotAllowed, 12)]
    public async Task Should_answer_in_the_same_shape_when_there_is_no_such_route(string method, string path, HttpStatusCode status, int code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        var error = await Http.SendAsync(request).ErrorOfAsync();

        Assert.Equal((status, code, "INVALID_ARGUMENT"), (error.Status, error.Code, error.Reason));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Should_answer_in_the_same_shape_when_the_content_type_is_wrong(string type)
    {
        using var body = new StringContent("""{"user": 1, "channel": 2, "upTo": 9}""", Encoding.UTF8, type);

        var error = await Http.PostAsync("/v1/mark", body).ErrorOfAsync();

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, 3), (error.Status, error.Code));
        Assert.Contains(type, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_in_the_same_shape_when_there_is_no_content_type()
    {
        using var body = new ByteArrayContent("{}"u8.ToArray());

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Http.PostAsync("/v1/mark", body).ErrorOfAsync()).Status);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("99999999999")]
    public async Task Should_name_the_header_when_the_timeout_is_no_number_of_milliseconds(string timeout)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/users/1/channels/2/messages/3");
        request.Headers.Add("x-bitark-timeout-ms", timeout);

        var error = await Http.SendAsync(request).ErrorOfAsync();

        Assert.Equal(("INVALID_ARGUMENT", "x-bitark-timeout-ms"), (error.Reason, error.Metadata["field"]));
    }
}
