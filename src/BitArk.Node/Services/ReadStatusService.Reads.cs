using System.Buffers;
using BitArk.Cluster;
using BitArk.Node.Requests;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Services;

/// <content>
/// Reads, straight from memory. The position for the reply's token is always taken after the look-up: whatever the answer
/// shows lies at or below it.
/// </content>
internal sealed partial class ReadStatusService
{
    private async Task<IsReadReply> IsReadAsync(IsReadRequest request, ServerCallContext context)
    {
        Require(ReadValidation.Validate(request, _namespaces, out var key));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var partition = PartitionOf(key.User);
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, RequestRoute.Of(context), deadline.Token).ConfigureAwait(false);
        var read = await reads.ContainsAsync(key.Namespace, key.User, key.Channel, request.Message).WithinAsync(reads, _node.Partitions[partition.Value], deadline.Token).ConfigureAwait(false);
        return new IsReadReply { Read = read, Token = ReplyToken.Of(_node.ClusterId, token, partition, reads.Position) };
    }

    private async Task<AreReadReply> AreReadAsync(AreReadRequest request, ServerCallContext context)
    {
        Require(ReadValidation.Validate(request, _namespaces, out NamespaceId ns));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var user = new UserId(request.User);
        var partition = PartitionOf(user);
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, RequestRoute.Of(context), deadline.Token).ConfigureAwait(false);
        var (looks, total) = LooksOf(user, request);
        var messages = ArrayPool<long>.Shared.Rent(total);
        var read = ArrayPool<bool>.Shared.Rent(total);
        for (var i = 0; i < looks.Length; i++)
            request.Items[i].Messages.CopyTo(messages, looks[i].Start);
        await reads.ContainsManyAsync(ns, looks, messages.AsMemory(0, total), read.AsMemory(0, total))
            .WithinAsync(reads, _node.Partitions[partition.Value], deadline.Token).ConfigureAwait(false);
        var reply = new AreReadReply();
        reply.Items.Capacity = looks.Length;
        foreach (var look in looks)
        {
            var answer = new ChannelRead { Channel = look.Channel.Value };
            answer.Read.Capacity = look.Count;
            for (var i = look.Start; i < look.Start + look.Count; i++)
                answer.Read.Add(read[i]);
            reply.Items.Add(answer);
        }

        // Only here: a look-up that was given up on may still write into them.
        ArrayPool<long>.Shared.Return(messages);
        ArrayPool<bool>.Shared.Return(read);
        reply.Token = ReplyToken.Of(_node.ClusterId, token, partition, reads.Position);
        return reply;
    }

    private static (LookUp[] Looks, int Total) LooksOf(UserId user, AreReadRequest request)
    {
        var looks = new LookUp[request.Items.Count];
        var total = 0;
        for (var i = 0; i < looks.Length; i++)
        {
            looks[i] = new LookUp(user, new ChannelId(request.Items[i].Channel), total, request.Items[i].Messages.Count);
            total += looks[i].Count;
        }

        return (looks, total);
    }

    private async Task<ReadStateReply> ReadStateAsync(ReadStateRequest request, ServerCallContext context)
    {
        Require(ReadValidation.Validate(request, _namespaces, out ReadSetKey key));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var partition = PartitionOf(key.User);
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, RequestRoute.Of(context), deadline.Token).ConfigureAwait(false);
        long? head = request.HasHead ? request.Head : null;
        var state = await reads.ReadStateAsync(key.Namespace, key.User, key.Channel, head, request.MaxRanges)
            .WithinAsync(reads, _node.Partitions[partition.Value], deadline.Token).ConfigureAwait(false);
        var reply = new ReadStateReply
        {
            Cursor = state.Cursor,
            Truncated = state.Truncated,
            Token = ReplyToken.Of(_node.ClusterId, token, partition, reads.Position),
        };
        if (state.Unread is { } unread)
            reply.Unread = unread;
        if (state.FirstUnread is { } first)
            reply.FirstUnread = first;
        for (var i = 0; i < state.Ranges.Count; i++)
            reply.Ranges.Add(new Protocol.V1.Range { From = state.Ranges[i].From, To = state.Ranges[i].To });
        return reply;
    }

    private async Task<UnreadReply> UnreadAsync(UnreadRequest request, ServerCallContext context)
    {
        Require(ReadValidation.Validate(request, _namespaces, out NamespaceId ns));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var user = new UserId(request.User);
        var partition = PartitionOf(user);
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, RequestRoute.Of(context), deadline.Token).ConfigureAwait(false);
        var heads = request.Channels.Select(channel => new HeadLookUp(new ChannelId(channel.Channel), channel.Head)).ToArray();
        var results = new UnreadResult[heads.Length];
        await reads.UnreadManyAsync(ns, user, heads, results).WithinAsync(reads, _node.Partitions[partition.Value], deadline.Token).ConfigureAwait(false);
        var reply = new UnreadReply();
        reply.Channels.Capacity = heads.Length;
        for (var i = 0; i < heads.Length; i++)
        {
            var answer = new ChannelUnread { Channel = heads[i].Channel.Value, Unread = results[i].Unread };
            if (results[i].FirstUnread is { } first)
                answer.FirstUnread = first;
            reply.Channels.Add(answer);
            reply.Total = Saturating.Add(reply.Total, results[i].Unread);
        }

        reply.Token = ReplyToken.Of(_node.ClusterId, token, partition, reads.Position);
        return reply;
    }
}
