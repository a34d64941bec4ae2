using BitArk.Protocol.V1;

namespace BitArk.Node.Tests.Services;

/// <summary>Every read over gRPC. The numbers are those of a set {1 … 9, 12}.</summary>
public sealed class ReadSpecs(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private ReadStatus.ReadStatusClient Client => fixture.Node.ReadStatus;

    [Fact]
    public async Task Should_answer_each_id_in_the_order_asked_when_many_are_asked()
    {
        await MarkAsync(31);

        var reply = await Client.AreReadAsync(new AreReadRequest
        {
            User = 31,
            Items = { new ChannelMessages { Channel = 2, Messages = { 12, 11, 1 } }, new ChannelMessages { Channel = 3, Messages = { 1 } }, new ChannelMessages { Channel = 4 } },
        });

        Assert.Equal([2, 3, 4], reply.Items.Select(item => item.Channel));
        Assert.Equal([true, false, true], reply.Items[0].Read);
        Assert.Equal([false], reply.Items[1].Read);
        Assert.Empty(reply.Items[2].Read);
    }

    [Theory]
    [InlineData(20L, 10L, 10L)]
    [InlineData(9L, 0L, null)]
    [InlineData(0L, 0L, null)]
    [InlineData(long.MaxValue - 1, long.MaxValue - 1 - 10, 10L)]
    public async Task Should_count_against_the_head_when_it_is_given(long head, long unread, long? first)
    {
        await MarkAsync(32);

        var reply = await Client.ReadStateAsync(new ReadStateRequest { User = 32, Channel = 2, Head = head });

        Assert.Equal((9L, unread), (reply.Cursor, reply.Unread));
        Assert.Equal(first, reply.HasFirstUnread ? reply.FirstUnread : null);
        Assert.Empty(reply.Ranges);
    }

    [Fact]
    public async Task Should_leave_unread_out_when_there_is_no_head()
    {
        await MarkAsync(33);

        var reply = await Client.ReadStateAsync(new ReadStateRequest { User = 33, Channel = 2, MaxRanges = 1 });

        Assert.False(reply.HasUnread || reply.HasFirstUnread);
        Assert.Equal((1L, 9L), (Assert.Single(reply.Ranges).From, reply.Ranges[0].To));
        Assert.True(reply.Truncated);
    }

    [Fact]
    public async Task Should_stop_at_the_largest_number_when_totals_exceed_it()
    {
        var request = new UnreadRequest { User = 34 };
        for (var channel = 0; channel < 3; channel++)
            request.Channels.Add(new ChannelHead { Channel = channel, Head = Ids.Max });

        var reply = await Client.UnreadAsync(request);

        Assert.Equal(long.MaxValue, reply.Total);
    }

    [Fact]
    public async Task Should_list_who_read_in_the_order_asked_when_readers_are_asked_for()
    {
        await MarkAsync(36);
        await MarkAsync(35);

        var reply = await Client.ReadersAsync(new ReadersRequest { Channel = 2, Message = 12, Users = { 36, 37, 35 } });

        Assert.Equal([36, 35], reply.Readers);
        Assert.Equal(2, reply.Count);
    }

    [Fact]
    public async Task Should_keep_namespaces_apart_when_the_ids_are_the_same()
    {
        await MarkAsync(38);

        Assert.True((await Client.IsReadAsync(new IsReadRequest { Namespace = "default", User = 38, Channel = 2, Message = 1 })).Read);
        Assert.False((await Client.IsReadAsync(new IsReadRequest { Namespace = "mail", User = 38, Channel = 2, Message = 1 })).Read);
    }

    [Fact]
    public async Task Should_stream_all_bytes_with_one_token_when_exporting()
    {
        var request = new MarkRequest { User = 39, Channel = 2 };
        request.Messages.AddRange(Enumerable.Range(0, 10_000).Select(i => 1_000_000_000L + (2L * i)));
        var written = await Client.MarkAsync(request);

        using var call = Client.Export(new ReadStateRequest { User = 39, Channel = 2 });
        using var bytes = new MemoryStream();
        var tokens = new List<string>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            call.ResponseStream.Current.Data.WriteTo(bytes);
            tokens.Add(call.ResponseStream.Current.Token);
        }

        Assert.True(tokens.Count > 1, "the export must not fit one chunk for this test to say anything");
        Assert.Equal(written.Token, tokens[0]);
        Assert.All(tokens.Skip(1), Assert.Empty);
        Assert.Equal(
            await fixture.Node.Http.GetByteArrayAsync(new Uri("/v1/users/39/channels/2/bitmap", UriKind.Relative)),
            bytes.ToArray());
    }

    [Fact]
    public async Task Should_send_one_chunk_with_the_token_when_nothing_is_exported()
    {
        using var call = Client.Export(new ReadStateRequest { User = 40, Channel = 2 });

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotEmpty(call.ResponseStream.Current.Token);
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private async Task MarkAsync(long user) =>
        await Client.MarkAsync(new MarkRequest { User = user, Channel = 2, UpTo = 9, Messages = { 12 } });
}
