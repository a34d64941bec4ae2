using BitArk.Cli.Nodes;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Cli.Bench;

/// <summary>A node in another process, called over gRPC. Callers share connections evenly; a failed call is counted, never repeated.</summary>
internal sealed class GrpcTarget : IBenchTarget
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly NodeConnection[] _connections;

    private GrpcTarget(NodeConnection[] connections, TargetFacts facts)
    {
        _connections = connections;
        Facts = facts;
    }

    /// <inheritdoc/>
    public TargetFacts Facts { get; }

    /// <summary>Connects, and asks the node what it is.</summary>
    public static async Task<GrpcTarget> ConnectAsync(NodeAddress address, int connections, RepeatedCalls calls, CancellationToken cancellation)
    {
        var opened = Enumerable.Range(0, connections).Select(_ => NodeConnection.Open(address)).ToArray();
        var cluster = await calls.CallAsync(options => opened[0].Admin.ClusterAsync(new ClusterRequest(), options), cancellation).ConfigureAwait(false);
        return new GrpcTarget(opened, new TargetFacts(
            $"{address} ({cluster.AnsweredBy}), {connections} connections",
            cluster.Partitions.Count,
            "fdatasync by the node before each acknowledged group commit",
            ""));
    }

    /// <inheritdoc/>
    public ValueTask<CallResult> WriteAsync(int caller, ReadOnlyMemory<MarkOperation> operations, CancellationToken cancellation) =>
        operations.Length == 1 ? MarkAsync(caller, operations.Span[0], cancellation) : BatchAsync(caller, operations.Span, cancellation);

    /// <inheritdoc/>
    public ValueTask<CallResult> IsReadAsync(int caller, UserId user, ChannelId channel, long message, CancellationToken cancellation) =>
        ResultAsync(Client(caller).IsReadAsync(new IsReadRequest { User = user.Value, Channel = channel.Value, Message = message }, Options(cancellation)));

    /// <inheritdoc/>
    public ValueTask<CallResult> AreReadAsync(int caller, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, CancellationToken cancellation)
    {
        var item = new ChannelMessages { Channel = channel.Value };
        item.Messages.AddRange(messages.ToArray());
        return ResultAsync(Client(caller).AreReadAsync(new AreReadRequest { User = user.Value, Items = { item } }, Options(cancellation)));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static CallOptions Options(CancellationToken cancellation) =>
        new(deadline: DateTime.UtcNow + Deadline, cancellationToken: cancellation);

    private static async ValueTask<CallResult> ResultAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call.ResponseAsync.ConfigureAwait(false);
            return CallResult.Done;
        }
        catch (RpcException failure)
        {
            return new CallResult(ReadStatusErrors.FromException(failure)?.Reason.Name ?? failure.StatusCode.ToString());
        }
    }

    private ReadStatus.ReadStatusClient Client(int caller) => _connections[caller % _connections.Length].ReadStatus;

    private ValueTask<CallResult> MarkAsync(int caller, MarkOperation operation, CancellationToken cancellation) =>
        ResultAsync(Client(caller).MarkAsync(
            new MarkRequest { User = operation.User.Value, Channel = operation.Channel.Value, Ranges = { ToMessage(operation.Range) } },
            Options(cancellation)));

    private async ValueTask<CallResult> BatchAsync(int caller, WriteRequest request, CancellationToken cancellation)
    {
        try
        {
            var reply = await Client(caller).WriteAsync(request, Options(cancellation)).ResponseAsync.ConfigureAwait(false);
            return new CallResult(reply.Results.FirstOrDefault(result => result.Error is not null)?.Error.Reason);
        }
        catch (RpcException failure)
        {
            return new CallResult(ReadStatusErrors.FromException(failure)?.Reason.Name ?? failure.StatusCode.ToString());
        }
    }

    private ValueTask<CallResult> BatchAsync(int caller, ReadOnlySpan<MarkOperation> operations, CancellationToken cancellation)
    {
        var request = new WriteRequest();
        foreach (var operation in operations)
        {
            request.Operations.Add(new Operation
            {
                User = operation.User.Value,
                Channel = operation.Channel.Value,
                Mark = new Protocol.V1.Ids { Ranges = { ToMessage(operation.Range) } },
            });
        }

        return BatchAsync(caller, request, cancellation);
    }

    private static Protocol.V1.Range ToMessage(MessageRange range) => new() { From = range.From, To = range.To };
}
