using BitArk.Chaos.Histories;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace BitArk.Chaos.Nodes;

/// <summary>One gRPC connection of its own to a node. Safe for concurrent use.</summary>
internal sealed class NodeClient : IDisposable
{
    private const int AllRanges = 10_000;
    private static readonly TimeSpan WriteBound = TimeSpan.FromSeconds(15);

    /// <summary>Only a node that hangs takes so long: a write that got no answer is a history that goes on, a read that got none is a finding.</summary>
    private static readonly TimeSpan ReadBound = TimeSpan.FromSeconds(60);
    private readonly GrpcChannel _channel;
    private readonly ReadStatus.ReadStatusClient _service;

    /// <summary>Connects when first used. Channels never share a connection, because each has a handler of its own.</summary>
    public NodeClient(Uri address)
    {
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
            DisposeHttpClient = true,
        });
        _service = new ReadStatus.ReadStatusClient(_channel);
    }

    /// <summary>Sends one write and says what is known about each of its operations. With a session the same sequence may be sent again.</summary>
    public async Task<IReadOnlyList<OperationAnswer>> WriteAsync(IReadOnlyList<MarkOperation> write, (long Session, long Sequence)? once = null, TimeSpan? atMost = null)
    {
        var request = new WriteRequest();
        if (once is { } known)
            (request.Session, request.Sequence) = known;
        request.Operations.AddRange(write.Select(ToMessage));
        try
        {
            WriteBatchReply reply = await _service.WriteAsync(request, deadline: DateTime.UtcNow + (atMost ?? WriteBound));
            return [.. reply.Results.Select(ToAnswer)];
        }
        catch (RpcException failure)
        {
            OperationAnswer answer = RefusalReason.Of(failure) is { } reason && RefusalReason.WroteNothing(reason)
                ? new OperationAnswer.Refused(reason)
                : new OperationAnswer.Unknown(failure.Status.ToString());
            return [.. write.Select(_ => answer)];
        }
    }

    /// <summary>Whether a message is read, in the leader's eyes.</summary>
    /// <exception cref="RpcException">The node refused, or did not answer.</exception>
    public async Task<bool> IsReadAsync(ReadSetKey key, long message, TimeSpan atMost)
    {
        var request = new IsReadRequest { Namespace = NamespaceName(key.Namespace), User = key.User.Value, Channel = key.Channel.Value, Message = message };
        return (await _service.IsReadAsync(request, deadline: DateTime.UtcNow + atMost)).Read;
    }

    /// <summary>The whole content of one read set, as its leader holds it.</summary>
    /// <exception cref="NodeException">The node did not answer.</exception>
    public async Task<RangeSet> ReadAsync(ReadSetKey key)
    {
        try
        {
            return (await ReadAsync(key, Consistency.Leader)).Content;
        }
        catch (RpcException failure)
        {
            throw new NodeException($"read set {key} could not be read: {failure.Status}");
        }
    }

    /// <summary>
    /// The whole content of one read set and the token of the answer. What is not asked of the leader is answered by this node
    /// or not at all.
    /// </summary>
    /// <exception cref="RpcException">The node refused, or did not answer.</exception>
    public async Task<(RangeSet Content, string Token)> ReadAsync(ReadSetKey key, Consistency consistency, string token = "")
    {
        var request = new ReadStateRequest
        {
            Namespace = NamespaceName(key.Namespace),
            User = key.User.Value,
            Channel = key.Channel.Value,
            MaxRanges = AllRanges,
            Consistency = consistency,
            Token = token,
        };
        Metadata? stays = consistency == Consistency.Leader ? null : new Metadata { { BitArkHeaders.NoForward, "1" } };
        ReadStateReply reply = await _service.ReadStateAsync(request, stays, DateTime.UtcNow + ReadBound);
        if (reply.Truncated)
            throw new NodeException($"read set {key} has more than {AllRanges} ranges: the workload is too wild to compare");
        return (new RangeSet(reply.Ranges.Select(range => new MessageRange(range.From, range.To))), reply.Token);
    }

    /// <summary>The whole content of many read sets, a bounded number of them at a time.</summary>
    public async Task<Dictionary<ReadSetKey, RangeSet>> ReadAllAsync(IEnumerable<ReadSetKey> keys)
    {
        Dictionary<ReadSetKey, RangeSet> found = [];
        foreach (ReadSetKey[] some in keys.Chunk(64))
        {
            RangeSet[] sets = await Task.WhenAll(some.Select(ReadAsync));
            for (int i = 0; i < some.Length; i++)
                found.Add(some[i], sets[i]);
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private static Operation ToMessage(MarkOperation operation)
    {
        var message = new Operation
        {
            Namespace = NamespaceName(operation.Namespace),
            User = operation.User.Value,
            Channel = operation.Channel.Value,
        };
        var ids = new global::BitArk.Protocol.V1.Ids();
        if (operation.Range.From == operation.Range.To)
            ids.Messages.Add(operation.Range.From);
        else if (operation.Range.From == 1)
            ids.UpTo = operation.Range.To;
        else
            ids.Ranges.Add(new global::BitArk.Protocol.V1.Range { From = operation.Range.From, To = operation.Range.To });
        if (operation.Kind == OperationKind.Mark)
            message.Mark = ids;
        else
            message.Unmark = ids;
        return message;
    }

    private static OperationAnswer ToAnswer(WriteResult result)
    {
        if (result.Error is null || result.Error.Reason.Length == 0)
            return new OperationAnswer.Acknowledged(result.Changed);
        return RefusalReason.WroteNothing(result.Error.Reason)
            ? new OperationAnswer.Refused(result.Error.Reason)
            : new OperationAnswer.Unknown(result.Error.Reason);
    }

    private static string NamespaceName(NamespaceId ns) => ns == NamespaceId.Default ? "" : "shop";
}
