using BitArk.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace BitArk.Benchmarks.Replicated;

/// <summary>Node processes whose leader is called over gRPC; the callers share connections evenly.</summary>
internal sealed class GrpcTarget : IMarkTarget
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly NodeProcesses _nodes;
    private readonly GrpcChannel[] _channels;
    private readonly ReadStatus.ReadStatusClient[] _clients;

    /// <summary>Connects when first used.</summary>
    public GrpcTarget(NodeProcesses nodes, int connections)
    {
        _nodes = nodes;
        _channels = [.. Enumerable.Range(0, connections).Select(_ => GrpcChannel.ForAddress(nodes.Leader.Grpc, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
            DisposeHttpClient = true,
        }))];
        _clients = [.. _channels.Select(channel => new ReadStatus.ReadStatusClient(channel))];
    }

    /// <inheritdoc/>
    public async Task WriteAsync(int caller, MarkOperation[] marks)
    {
        var client = _clients[caller % _clients.Length];
        var options = new CallOptions(deadline: DateTime.UtcNow + Bound);
        if (marks is [var mark])
        {
            _ = await client.MarkAsync(new MarkRequest { User = mark.User.Value, Channel = mark.Channel.Value, UpTo = mark.Range.To }, options);
            return;
        }

        var request = new WriteRequest();
        foreach (var one in marks)
            request.Operations.Add(new Operation { User = one.User.Value, Channel = one.Channel.Value, Mark = new Protocol.V1.Ids { UpTo = one.Range.To } });
        var reply = await client.WriteAsync(request, options);
        if (reply.Results.FirstOrDefault(result => result.Error is not null) is { } refused)
            throw new InvalidOperationException($"A write was refused: {refused.Error.Reason}");
    }

    /// <inheritdoc/>
    public async Task<long> WorstLagBytesAsync() => (await _nodes.PartitionAsync()).Replicas.Max(replica => replica.LagBytes);

    /// <inheritdoc/>
    public (TimeSpan Own, TimeSpan Nodes) ProcessorTime() =>
        (Environment.CpuUsage.TotalTime, _nodes.Members.Aggregate(TimeSpan.Zero, (sum, member) => sum + member.Running.ProcessorTime()));

    /// <summary>Closes the connections; the nodes belong to somebody else.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
            channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
