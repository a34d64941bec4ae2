using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>One connection to a node, for callers who want to know everything about an answer. Safe for concurrent use.</summary>
internal sealed class HistoryClient : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly GrpcChannel _channel;
    private readonly ReadStatus.ReadStatusClient _service;

    /// <summary>Connects when first used, and again after every restart of the node.</summary>
    public HistoryClient(Uri address)
    {
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) },
            DisposeHttpClient = true,
        });
        _service = new ReadStatus.ReadStatusClient(_channel);
    }

    /// <summary>Sends a write.</summary>
    /// <param name="write">In the default namespace, all of one partition.</param>
    /// <param name="sent">What the client has seen; null: it does not say.</param>
    /// <param name="atMost">The deadline.</param>
    /// <param name="stays">Whether the node must answer itself.</param>
    /// <param name="waits">Whether the node alone watches the deadline: what it says when that comes is then heard.</param>
    public async Task<CallAnswer> WriteAsync(ClusterOperation.Write write, SessionToken? sent, TimeSpan atMost, bool stays = false, bool waits = false)
    {
        var request = new WriteRequest { Token = sent?.ToString() ?? "" };
        if (write.Session != 0)
            (request.Session, request.Sequence) = (write.Session, write.Sequence);
        request.Operations.AddRange(write.Operations.Select(ToMessage));
        try
        {
            WriteBatchReply reply = await _service.WriteAsync(request, Options(stays, waits, atMost));
            string? reason = reply.Results.Select(result => result.Error?.Reason).FirstOrDefault(reason => reason is { Length: > 0 });
            return reason is null ? new CallAnswer(Outcome.Ok, "", Parse(reply.Token)) { Changed = [.. reply.Results.Select(result => result.Changed)] } : Refused(reason);
        }
        catch (RpcException failure)
        {
            return RefusalReason.Of(failure) is { } reason ? Refused(reason) : new CallAnswer(Outcome.Unknown, $"{failure.StatusCode}", null);
        }
    }

    /// <summary>Looks at ids of one read set.</summary>
    public async Task<CallAnswer> ReadAsync(ReadSetKey key, IEnumerable<long> messages, Consistency consistency, SessionToken? sent, TimeSpan atMost, bool stays, bool waits = false)
    {
        var request = new AreReadRequest { User = key.User.Value, Consistency = consistency, Token = sent?.ToString() ?? "" };
        request.Items.Add(new ChannelMessages { Channel = key.Channel.Value, Messages = { messages } });
        try
        {
            AreReadReply reply = await _service.AreReadAsync(request, Options(stays, waits, atMost));
            return new CallAnswer(Outcome.Ok, "", Parse(reply.Token)) { Bits = [.. reply.Items[0].Read] };
        }
        catch (RpcException failure)
        {
            return new CallAnswer(Outcome.Failed, RefusalReason.Of(failure) ?? $"{failure.StatusCode}", null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private static CallOptions Options(bool stays, bool waits, TimeSpan atMost)
    {
        var headers = new Metadata();
        if (stays)
            headers.Add(BitArkHeaders.NoForward, "1");
        if (!waits)
            return new CallOptions(headers, DateTime.UtcNow + atMost);
        headers.Add(BitArkHeaders.TimeoutMilliseconds, $"{atMost.TotalMilliseconds:0}");
        return new CallOptions(headers, cancellationToken: new CancellationTokenSource(atMost + Grace).Token);
    }

    private static CallAnswer Refused(string reason) => new(RefusalReason.WroteNothing(reason) ? Outcome.Failed : Outcome.Unknown, reason, null);

    private static SessionToken Parse(string text) =>
        SessionToken.TryParse(text, out SessionToken? token, out TokenFailure failure) ? token : throw new NodeException($"a node answered with a token that is none ({failure}): {text}");

    private static Operation ToMessage(MarkOperation operation)
    {
        var ids = new global::BitArk.Protocol.V1.Ids { Ranges = { new global::BitArk.Protocol.V1.Range { From = operation.Range.From, To = operation.Range.To } } };
        var message = new Operation { User = operation.User.Value, Channel = operation.Channel.Value };
        if (operation.Kind == OperationKind.Mark)
            message.Mark = ids;
        else
            message.Unmark = ids;
        return message;
    }
}

/// <summary>What a node said to one call.</summary>
internal sealed record CallAnswer(Outcome Outcome, string Reason, SessionToken? Token)
{
    /// <summary>Of a write.</summary>
    public IReadOnlyList<long> Changed { get; init; } = [];

    /// <summary>Of a read.</summary>
    public IReadOnlyList<bool> Bits { get; init; } = [];
}
