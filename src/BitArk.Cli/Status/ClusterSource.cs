using System.Net;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;
using BitArk.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace BitArk.Cli.Status;

/// <summary>Asks a node about its cluster through whichever door the address names; both carry the same message. One attempt: status says what is, now.</summary>
internal static class ClusterSource
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>The node's answer.</summary>
    /// <exception cref="CliException">It does not answer.</exception>
    public static async Task<ClusterReply> AskAsync(NodeAddress address, CancellationToken cancellation)
    {
        try
        {
            return address.Door == NodeDoor.Grpc
                ? await OverGrpcAsync(address, cancellation).ConfigureAwait(false)
                : await OverHttpAsync(address, cancellation).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw Away(address, CallFailure.Describe(failure), failure);
        }
        catch (HttpRequestException failure)
        {
            throw Away(address, failure.Message, failure);
        }
        catch (TaskCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw Away(address, $"no answer within {Figures.Seconds(Timeout)}", failure);
        }
        catch (InvalidJsonException failure)
        {
            throw Away(address, $"its answer is not BitArk's: {failure.Message}", failure);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw Away(address, $"its answer is not BitArk's: {failure.Message}", failure);
        }
    }

    private static CliException Away(NodeAddress address, string reason, Exception failure) =>
        new(ExitCode.NodeAway, $"{address}: {reason}", failure);

    private static async Task<ClusterReply> OverGrpcAsync(NodeAddress address, CancellationToken cancellation)
    {
        using var connection = NodeConnection.Open(address);
        var options = new CallOptions(deadline: DateTime.UtcNow + Timeout, cancellationToken: cancellation);
        return await connection.Admin.ClusterAsync(new ClusterRequest(), options).ResponseAsync.ConfigureAwait(false);
    }

    private static async Task<ClusterReply> OverHttpAsync(NodeAddress address, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address.Endpoint, Timeout = Timeout };
        using var answer = await client.GetAsync(new Uri("/v1/cluster", UriKind.Relative), cancellation).ConfigureAwait(false);
        var text = await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        return answer.StatusCode == HttpStatusCode.OK
            ? Parser.Parse<ClusterReply>(text)
            : throw new CliException(ExitCode.NodeAway, $"{address} answers {(int)answer.StatusCode}: {text}");
    }
}
