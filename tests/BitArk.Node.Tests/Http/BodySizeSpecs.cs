using System.Net;
using System.Net.Http.Headers;

namespace BitArk.Node.Tests.Http;

public sealed class BodySizeSpecs(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private const int Limit = 4 * 1024 * 1024;

    private HttpClient Http => fixture.Node.Http;

    [Theory]
    [InlineData(Limit, false)]
    [InlineData(Limit, true)]
    public async Task Should_serve_when_the_body_just_fits(int bytes, bool chunked)
    {
        using var answer = await SendAsync(bytes, chunked);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(Limit + 1, false)]
    [InlineData(Limit + 1, true)]
    [InlineData(5_000_000, false)]
    [InlineData(5_000_000, true)]
    [InlineData(100_000_000, false)]
    [InlineData(100_000_000, true)]
    public async Task Should_answer_413_in_the_same_shape_when_the_body_is_too_large(int bytes, bool chunked)
    {
        var error = await SendAsync(bytes, chunked).ErrorOfAsync();

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 3, "INVALID_ARGUMENT"), (error.Status, error.Code, error.Reason));
    }

    /// <summary>Routes match without regard to case, so what stands before them must, too.</summary>
    [Fact]
    public async Task Should_refuse_alike_when_the_route_is_in_capitals()
    {
        var error = await SendAsync(5_000_000, chunked: true, "/V1/mark").ErrorOfAsync();

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 3, "INVALID_ARGUMENT"), (error.Status, error.Code, error.Reason));
    }

    [Fact]
    public async Task Should_go_on_serving_when_a_body_was_refused()
    {
        await SendAsync(5_000_000, chunked: true).ErrorOfAsync();

        using var answer = await SendAsync(100, chunked: false);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Valid JSON, blown up to size by white space.</summary>
    private async Task<HttpResponseMessage> SendAsync(int bytes, bool chunked, string path = "/v1/mark")
    {
        var body = new byte[bytes];
        body.AsSpan().Fill((byte)' ');
        """{"user": 1, "channel": 2, "upTo": 9}"""u8.CopyTo(body);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        return await Http.SendAsync(request);
    }
}
