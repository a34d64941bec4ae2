using System.Net;
using BitArk.Protocol.V1;
using Grpc.Core;

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

    /// <summary>Few large exports may be in memory at once; one that was sent is in nobody's way.</summary>
    [Fact]
    public async Task Should_answer_one_large_bitmap_after_the_other_when_each_was_sent()
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].ExportBytes = 2 << 20;
        for (var i = 0; i < 6; i++)
        {
            using var answer = await node.Http.GetAsync("/v1/users/21/channels/2/bitmap");
            Assert.Equal((HttpStatusCode.OK, 2 << 20), (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync()).Length));
        }

        for (var i = 0; i < 6; i++)
        {
            using var call = node.ReadStatus.Export(new ReadStateRequest { User = 21, Channel = 2 });
            var bytes = 0;
            while (await call.ResponseStream.MoveNext(default))
                bytes += call.ResponseStream.Current.Data.Length;
            Assert.Equal(2 << 20, bytes);
        }
    }
}
