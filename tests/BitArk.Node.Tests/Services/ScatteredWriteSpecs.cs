using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

/// <summary>A write of which a part was left out, because its read set is as scattered as one may be: the caller learns which part, and that the rest was made.</summary>
public sealed class ScatteredWriteSpecs(NodeFixture fixture) : IClassFixture<NodeFixture>, IDisposable
{
    private const long Far = 1L << 40;

    public void Dispose() => fixture.Node.Model.Model[0].ScatteredFrom = long.MaxValue;

    [Fact]
    public async Task Should_report_the_operation_alone_when_one_of_a_write_was_left_out()
    {
        fixture.Node.Model.Model[0].ScatteredFrom = Far;
        var write = new WriteRequest
        {
            Operations =
            {
                new Operation { User = 71, Channel = 2, Mark = new MessageIds { UpTo = 9 } },
                new Operation { User = 71, Channel = 2, Mark = new MessageIds { Messages = { 12, Far } } },
                new Operation { User = 71, Channel = 2, Unmark = new MessageIds { Messages = { 3 } } },
            },
        };

        var reply = await fixture.Node.ReadStatus.WriteAsync(write);

        Assert.Equal([9, 1, 1], reply.Results.Select(result => result.Changed));
        Assert.Null(reply.Results[0].Error);
        Assert.Equal(("INVALID_ARGUMENT", "operations[1]"), (reply.Results[1].Error.Reason, reply.Results[1].Error.Metadata["field"]));
        Assert.Null(reply.Results[2].Error);
        Assert.NotEmpty(reply.Token);
    }

    [Fact]
    public async Task Should_refuse_and_say_what_was_made_when_a_part_of_a_mark_was_left_out()
    {
        fixture.Node.Model.Model[0].ScatteredFrom = Far;
        var mark = new MarkRequest { User = 72, Channel = 2, Messages = { 5, Far } };

        var refused = await Assert.ThrowsAsync<RpcException>(() => fixture.Node.ReadStatus.MarkAsync(mark).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("everything else was made", refused.Status.Detail, StringComparison.Ordinal);
        Assert.True((await fixture.Node.ReadStatus.IsReadAsync(new IsReadRequest { User = 72, Channel = 2, Message = 5 })).Read);
    }
}
