using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;
using Grpc.Core;

namespace BitArk.Node.Peers;

/// <summary>The memory of a replica on another node, for one attempt of one request. One call at a time, or as many as one likes.</summary>
internal sealed class RemoteReads(GrpcPeer peer, PartitionId partition, bool fromLeader, CallRoute route, CancellationToken deadline) : IPartitionReads
{
    private readonly Lock _gate = new();
    private ReadPosition _position;

    public bool EndsInTime => true;

    public ReadPosition Position
    {
        get
        {
            lock (_gate)
                return _position;
        }
    }

    // What the route has seen is waited for there.
    public ValueTask<bool> WaitForAsync(ReadPosition seen, TimeSpan atMost, CancellationToken cancellation) => new(true);

    public async ValueTask<bool> ContainsAsync(NamespaceId ns, UserId user, ChannelId channel, long message)
    {
        var answers = await AskAsync(ns, [Contains(user, channel, [message])]).ConfigureAwait(false);
        return answers[0].Contains.Read[0];
    }

    public async ValueTask ContainsManyAsync(NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read)
    {
        var answers = await AskAsync(ns, [Contains(user, channel, messages.Span)]).ConfigureAwait(false);
        answers[0].Contains.Read.ToArray().CopyTo(read);
    }

    public async ValueTask ContainsManyAsync(NamespaceId ns, ReadOnlyMemory<LookUp> looks, ReadOnlyMemory<long> messages, Memory<bool> read)
    {
        var queries = new Query[looks.Length];
        for (var i = 0; i < queries.Length; i++)
        {
            var look = looks.Span[i];
            queries[i] = Contains(look.User, look.Channel, messages.Span.Slice(look.Start, look.Count));
        }

        var answers = await AskAsync(ns, queries).ConfigureAwait(false);
        for (var i = 0; i < queries.Length; i++)
            answers[i].Contains.Read.ToArray().CopyTo(read.Slice(looks.Span[i].Start, looks.Span[i].Count));
    }

    public async ValueTask<UnreadResult> UnreadAsync(NamespaceId ns, UserId user, ChannelId channel, long head)
    {
        var answers = await AskAsync(ns, [Unread(user, channel, head)]).ConfigureAwait(false);
        return ReadMessages.FromMessage(answers[0].Unread);
    }

    public async ValueTask UnreadManyAsync(NamespaceId ns, UserId user, ReadOnlyMemory<HeadLookUp> heads, Memory<UnreadResult> unread)
    {
        var queries = new Query[heads.Length];
        for (var i = 0; i < queries.Length; i++)
            queries[i] = Unread(user, heads.Span[i].Channel, heads.Span[i].Head);

        var answers = await AskAsync(ns, queries).ConfigureAwait(false);
        for (var i = 0; i < queries.Length; i++)
            unread.Span[i] = ReadMessages.FromMessage(answers[i].Unread);
    }

    public async ValueTask<ReadStateResult> ReadStateAsync(NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges)
    {
        var state = new State { MaxRanges = maxRanges };
        if (head is { } newest)
            state.Head = newest;
        var answers = await AskAsync(ns, [new Query { User = user.Value, Channel = channel.Value, State = state }]).ConfigureAwait(false);
        return ReadMessages.FromMessage(answers[0].State);
    }

    public async ValueTask<ReadOnlyMemory<byte>> ExportAsync(NamespaceId ns, UserId user, ChannelId channel)
    {
        var request = new ForwardedExport
        {
            Partition = partition.Value,
            Route = Positions.ToMessage(route),
            FromLeader = fromLeader,
            Namespace = ns.Value,
            User = user.Value,
            Channel = channel.Value,
        };
        try
        {
            using var call = Client().Export(request, peer.Options(route, deadline));
            var (position, bytes) = await ExportStream.ReadAsync(call.ResponseStream, deadline).ConfigureAwait(false);
            Cover(position);
            peer.Count("export", "ok");
            return bytes;
        }
        catch (RpcException fault)
        {
            throw Refused("export", fault);
        }
    }

    private async Task<IReadOnlyList<Answer>> AskAsync(NamespaceId ns, Query[] queries)
    {
        var request = new ForwardedRead { Partition = partition.Value, Route = Positions.ToMessage(route), FromLeader = fromLeader, Namespace = ns.Value, Queries = { queries } };
        ForwardedReadReply reply;
        try
        {
            using var call = Client().ReadAsync(request, peer.Options(route, deadline));
            reply = await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException fault)
        {
            throw Refused("read", fault);
        }

        peer.Count("read", "ok");
        if (reply.OutcomeCase != ForwardedReadReply.OutcomeOneofCase.Answers || reply.Answers.Answers_.Count != queries.Length)
            throw new ReadRefusedException(reply.Refusal is { } refusal ? RefusalMessages.FromMessage(refusal) : new ReadRefusal.NoLeader("its answer was not understood"));

        Cover(Positions.FromMessage(reply.Answers.Position));
        return reply.Answers.Answers_;
    }

    private Peer.PeerClient Client() => peer.Client() ?? throw new ReadRefusedException(new ReadRefusal.NoLeader("its address is not known"));

    private Exception Refused(string kind, RpcException fault)
    {
        peer.Count(kind, fault.StatusCode.ToString());
        return deadline.IsCancellationRequested || CallFault.IsCancellation(fault)
            ? new OperationCanceledException(fault.Message, fault, deadline)
            : new ReadRefusedException(peer.RefusalOf(fault));
    }

    private void Cover(ReadPosition position)
    {
        lock (_gate)
        {
            if (position.IsBeyond(_position))
                _position = position;
        }
    }

    private static Query Contains(UserId user, ChannelId channel, ReadOnlySpan<long> messages)
    {
        var contains = new Contains();
        contains.Messages.Capacity = messages.Length;
        foreach (var message in messages)
            contains.Messages.Add(message);
        return new Query { User = user.Value, Channel = channel.Value, Contains = contains };
    }

    private static Query Unread(UserId user, ChannelId channel, long head) =>
        new() { User = user.Value, Channel = channel.Value, Unread = new Unread { Head = head } };
}
