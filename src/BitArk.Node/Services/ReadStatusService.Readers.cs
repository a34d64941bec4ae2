using BitArk.Cluster;
using BitArk.Node.Requests;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Services;

/// <content>Which of many users read one message: the one read that may concern many partitions, each asked once.</content>
internal sealed partial class ReadStatusService
{
    private async Task<ReadersReply> ReadersAsync(ReadersRequest request, ServerCallContext context)
    {
        Require(ReadValidation.Validate(request, _namespaces, out NamespaceId ns));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var looks = new List<LookUp>?[_node.Partitions.Count];
        for (var i = 0; i < request.Users.Count; i++)
        {
            var user = new UserId(request.Users[i]);
            (looks[PartitionOf(user).Value] ??= []).Add(new LookUp(user, new ChannelId(request.Channel), i, 1));
        }

        var messages = new long[request.Users.Count];
        Array.Fill(messages, request.Message);
        var read = new bool[messages.Length];
        var route = RequestRoute.Of(context);
        var covered = token ?? SessionToken.Empty(_node.ClusterId);
        for (var p = 0; p < looks.Length; p++)
        {
            if (looks[p] is not { } wanted)
                continue;

            var id = new PartitionId(p);
            var reads = await _gate.OpenAsync(id, request.Consistency, token, route, deadline.Token).ConfigureAwait(false);
            await reads.ContainsManyAsync(ns, wanted.ToArray(), messages, read).WithinAsync(reads, _node.Partitions[p], deadline.Token).ConfigureAwait(false);
            covered = covered.With(new TokenEntry(id, reads.Position.Epoch, reads.Position.Lsn));
        }

        var reply = new ReadersReply();
        for (var i = 0; i < read.Length; i++)
        {
            if (read[i])
                reply.Readers.Add(request.Users[i]);
        }

        reply.Count = reply.Readers.Count;
        reply.Token = covered.ToString();
        return reply;
    }
}
