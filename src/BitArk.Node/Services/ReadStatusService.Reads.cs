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
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, deadline.Token).ConfigureAwait(false);
        var read = await reads.ContainsAsync(key.Namespace, key.User, key.Channel, request.Message).WithinAsync(_node.Partitions[partition.Value], deadline.Token).ConfigureAwait(false);
        return new IsReadReply { Read = read, Token = ReplyToken.Of(_node.ClusterId, token, partition, reads.Position) };
    }

    private async Task<AreReadReply> AreReadAsync(AreReadRequest request, ServerCallContext context)
    {
        Require(ReadValidation.Validate(request, _namespaces, out NamespaceId ns));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var user = new UserId(request.User);
        var partition = PartitionOf(user);
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, deadline.Token).ConfigureAwait(false);
        var reply = new AreReadReply();
        reply.Items.Capacity = request.Items.Count;
        for (var i = 0; i < request.Items.Count; i++)
            reply.Items.Add(await LookUpAsync(_node.Partitions[partition.Value], reads, ns, user, request.Items[i], deadline.Token).ConfigureAwait(false));

        reply.Token = ReplyToken.Of(_node.ClusterId, token, partition, reads.Position);
        return reply;
    }

    private static async ValueTask<ChannelRead> LookUpAsync(
        IPartition partition, IPartitionReads reads, NamespaceId ns, UserId user, ChannelMessages item, CancellationToken deadline)
    {
        var count = item.Messages.Count;
        var answer = new ChannelRead { Channel = item.Channel };
        if (count == 0)
            return answer;

        var messages = ArrayPool<long>.Shared.Rent(count);
        var read = ArrayPool<bool>.Shared.Rent(count);
        item.Messages.CopyTo(messages, 0);
        await reads.ContainsManyAsync(ns, user, new ChannelId(item.Channel), messages.AsMemory(0, count), read.AsMemory(0, count))
            .WithinAsync(partition, deadline).ConfigureAwait(false);
        answer.Read.Capacity = count;
        for (var i = 0; i < count; i++)
            answer.Read.Add(read[i]);

        // Only here: a look-up that was given up on may still write into them.
        ArrayPool<long>.Shared.Return(messages);
        ArrayPool<bool>.Shared.Return(read);
        return answer;
    }

    private async Task<ReadStateReply> ReadStateAsync(ReadStateRequest request, ServerCallContext context)
    {
        Require(ReadValidation.Validate(request, _namespaces, out ReadSetKey key));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var partition = PartitionOf(key.User);
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, deadline.Token).ConfigureAwait(false);
        long? head = request.HasHead ? request.Head : null;
        var state = await reads.ReadStateAsync(key.Namespace, key.User, key.Channel, head, request.MaxRanges)
            .WithinAsync(_node.Partitions[partition.Value], deadline.Token).ConfigureAwait(false);
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
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, deadline.Token).ConfigureAwait(false);
        var reply = new UnreadReply();
        reply.Channels.Capacity = request.Channels.Count;
        for (var i = 0; i < request.Channels.Count; i++)
        {
            var channel = request.Channels[i];
            var result = await reads.UnreadAsync(ns, user, new ChannelId(channel.Channel), channel.Head)
                .WithinAsync(_node.Partitions[partition.Value], deadline.Token).ConfigureAwait(false);
            var answer = new ChannelUnread { Channel = channel.Channel, Unread = result.Unread };
            if (result.FirstUnread is { } first)
                answer.FirstUnread = first;
            reply.Channels.Add(answer);

            reply.Total = Saturating.Add(reply.Total, result.Unread);
        }

        reply.Token = ReplyToken.Of(_node.ClusterId, token, partition, reads.Position);
        return reply;
    }

    private async Task<ReadersReply> ReadersAsync(ReadersRequest request, ServerCallContext context)
    {
        Require(ReadValidation.Validate(request, _namespaces, out NamespaceId ns));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var opened = new IPartitionReads?[_node.Partitions.Count];
        var channel = new ChannelId(request.Channel);
        var reply = new ReadersReply();
        for (var i = 0; i < request.Users.Count; i++)
        {
            var user = new UserId(request.Users[i]);
            var partition = PartitionOf(user);
            var reads = opened[partition.Value]
                ??= await _gate.OpenAsync(partition, request.Consistency, token, deadline.Token).ConfigureAwait(false);
            if (await reads.ContainsAsync(ns, user, channel, request.Message).WithinAsync(_node.Partitions[partition.Value], deadline.Token).ConfigureAwait(false))
                reply.Readers.Add(user.Value);
        }

        reply.Count = reply.Readers.Count;
        reply.Token = Cover(token, opened).ToString();
        return reply;
    }

    private SessionToken Cover(SessionToken? token, IPartitionReads?[] opened)
    {
        var covered = token ?? SessionToken.Empty(_node.ClusterId);
        for (var p = 0; p < opened.Length; p++)
        {
            if (opened[p]?.Position is { } seen)
                covered = covered.With(new TokenEntry(new PartitionId(p), seen.Epoch, seen.Lsn));
        }

        return covered;
    }
}
