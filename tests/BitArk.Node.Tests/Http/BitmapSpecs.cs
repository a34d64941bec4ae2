using System.Net;

namespace BitArk.Node.Tests.Http;

public sealed class BitmapSpecs(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task Should_answer_the_bytes_and_a_token_when_a_bitmap_is_asked_for()
    {
        var http = fixture.Node.Http;
        var written = await http.PostForTextAsync("/v1/mark", """{"user": 21, "channel": 2, "ranges": [{"from": 1, "to": 9}, {"from": 12, "to": 12}]}""");

        using var answer = await http.GetAsync($"/v1/users/21/channels/2/bitmap?consistency=TOKEN&token={Json.TokenOf(written)}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("1-9,12-12", await answer.Content.ReadAsStringAsync());
        Assert.Equal(Json.TokenOf(written), Assert.Single(answer.Headers.GetValues("x-bitark-token")));
    }
}
