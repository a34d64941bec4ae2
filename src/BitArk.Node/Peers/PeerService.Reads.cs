using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;
using BitArk.Storage.Roaring;
using Google.Protobuf;
using Grpc.Core;

namespace BitArk.Node.Peers;

/// <content>Reads: from this node's own memory, once it covers what the session has seen.</content>
internal sealed partial class PeerService
{
    private const int ExportPieceBytes = 64 * 1024;

    /// <inheritdoc/>
    public override async Task<ForwardedReadReply> Read(ForwardedRead request, ServerCallContext context)
    {
        try
        {
            var reads = await OpenAsync(request.Partition, request.FromLeader, request.Route, context).ConfigureAwait(false);
            var answers = new Answers();
            foreach (var query in request.Queries)
                answers.Answers_.Add(await LookUpAsync(reads, new NamespaceId((ushort)request.Namespace), query).ConfigureAwait(false));

            answers.Position = Positions.ToMessage(reads.Position);
            return new ForwardedReadReply { Answers = answers };
        }
        catch (ReadRefusedException e)
        {
            return new ForwardedReadReply { Refusal = RefusalMessages.ToMessage(e.Refusal) };
        }
    }

    /// <inheritdoc/>
    public override async Task Export(ForwardedExport request, IServerStreamWriter<ExportPiece> responseStream, ServerCallContext context)
    {
        try
        {
            var reads = await OpenAsync(request.Partition, request.FromLeader, request.Route, context).ConfigureAwait(false);
            var bytes = await reads.ExportAsync(new NamespaceId((ushort)request.Namespace), new UserId(request.User), new ChannelId(request.Channel)).ConfigureAwait(false);
            var first = new ExportPiece { Position = Positions.ToMessage(reads.Position), TotalBytes = bytes.Length };
            await responseStream.WriteAsync(first, context.CancellationToken).ConfigureAwait(false);
            for (var at = 0; at < bytes.Length; at += ExportPieceBytes)
            {
                var piece = new ExportPiece { Data = UnsafeByteOperations.UnsafeWrap(bytes.Slice(at, Math.Min(ExportPieceBytes, bytes.Length - at))) };
                await responseStream.WriteAsync(piece, context.CancellationToken).ConfigureAwait(false);
            }
        }
        catch (ReadRefusedException e)
        {
            await responseStream.WriteAsync(new ExportPiece { Refusal = RefusalMessages.ToMessage(e.Refusal) }, context.CancellationToken).ConfigureAwait(false);
        }
        catch (RoaringTooLargeException e)
        {
            var refusal = RefusalMessages.ToMessage(new ReadRefusal.TooLarge(e.MaxBytes));
            await responseStream.WriteAsync(new ExportPiece { Refusal = refusal }, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<IPartitionReads> OpenAsync(int id, bool fromLeader, RouteInfo? from, ServerCallContext context)
    {
        var partition = Addressed(id, context);
        var route = Positions.FromMessage(from);
        if (PeerScreen.RefusalOf(partition, fromLeader, route) is { } refusal)
            throw new ReadRefusedException(refusal);

        // A leader's memory is its word only under its lease. What is forwarded once is not forwarded again.
        var reads = fromLeader ? partition.LeaderReads(route with { Stays = true }, context.CancellationToken) : partition.Reads;
        if (route.Seen == default)
            return reads;

        var isCovered = await reads.WaitForAsync(route.Seen, settings.TokenWait, context.CancellationToken).ConfigureAwait(false);

        // Its history may have been cut meanwhile: a later epoch then reaches as far without holding what the session has seen.
        if (PeerScreen.LossOf(partition, route) is { } lost)
            throw new ReadRefusedException(lost);

        return isCovered ? reads : throw new ReadRefusedException(new ReadRefusal.Behind(route.Seen, partition.Leadership.Leader));
    }

    private static async ValueTask<Answer> LookUpAsync(IPartitionReads reads, NamespaceId ns, Query query)
    {
        var (user, channel) = (new UserId(query.User), new ChannelId(query.Channel));
        switch (query.KindCase)
        {
            case Query.KindOneofCase.Contains:
                var read = new bool[query.Contains.Messages.Count];
                await reads.ContainsManyAsync(ns, user, channel, query.Contains.Messages.ToArray(), read).ConfigureAwait(false);
                return new Answer { Contains = new ContainsAnswer { Read = { read } } };
            case Query.KindOneofCase.Unread:
                return new Answer { Unread = ReadMessages.ToMessage(await reads.UnreadAsync(ns, user, channel, query.Unread.Head).ConfigureAwait(false)) };
            case Query.KindOneofCase.State:
                long? head = query.State.HasHead ? query.State.Head : null;
                return new Answer { State = ReadMessages.ToMessage(await reads.ReadStateAsync(ns, user, channel, head, query.State.MaxRanges).ConfigureAwait(false)) };
            default:
                throw new RpcException(new Status(StatusCode.Unimplemented, "The query is of a newer version."));
        }
    }
}
