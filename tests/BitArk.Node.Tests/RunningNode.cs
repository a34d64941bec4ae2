using BitArk.Cluster;
using BitArk.Node.Hosting;
using BitArk.Node.Tests.Model;
using BitArk.Protocol.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BitArk.Node.Tests;

/// <summary>The real host on ports of the system's choice, in front of a model or of the real storage, with a client for each door.</summary>
public sealed class RunningNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ModelNode? _model;

    private readonly TemporaryDirectory? _data;

    private RunningNode(WebApplication app, ModelNode? model, TemporaryDirectory? data)
    {
        _app = app;
        _model = model;
        _data = data;
        Ports = app.Services.GetRequiredService<BoundPorts>();
        Http = new HttpClient { BaseAddress = new Uri($"http://{Ports.HttpAuthority}") };
        Channel = GrpcChannel.ForAddress($"http://{Ports.GrpcAuthority}");
        ReadStatus = new ReadStatus.ReadStatusClient(Channel);
        Admin = new Admin.AdminClient(Channel);
    }

    public HttpClient Http { get; }

    public ReadStatus.ReadStatusClient ReadStatus { get; }

    public Admin.AdminClient Admin { get; }

    internal GrpcChannel Channel { get; }

    internal ModelNode Model => _model ?? throw new InvalidOperationException("This node is a real one.");

    internal BoundPorts Ports { get; }

    internal IServiceProvider Services => _app.Services;

    internal TemporaryDirectory Data => _data ?? throw new InvalidOperationException("Its directory is another's.");

    /// <summary>Front ends alone, in front of a model.</summary>
    internal static Task<RunningNode> StartAsync(ModelNode? model = null, string hocon = "", TimeProvider? time = null)
    {
        model ??= new ModelNode();
        return StartAsync(model, new TemporaryDirectory(), hocon, (services, _) => services.AddSingleton<IReadStatusNode>(model).AddSingleton(time ?? TimeProvider.System));
    }

    /// <summary>Front ends alone, in front of whatever a test puts there.</summary>
    internal static Task<RunningNode> StartOverAsync(IReadStatusNode node) =>
        StartAsync(null, new TemporaryDirectory(), "", (services, _) => services.AddSingleton(node));

    /// <summary>The whole node on a data directory that outlives it.</summary>
    internal static async Task<RunningNode> StartStoredAsync(TemporaryDirectory data, string hocon = "")
    {
        var node = await StartAsync(null, data, hocon, (services, settings) => services.AddBitArk(settings));
        await node.Services.GetRequiredService<BitArkNode>().WhenServingAsync();
        return node;
    }

    /// <summary>One of several whole nodes, on a data directory somewhere else; does not wait until it serves, which may need the others.</summary>
    internal static async Task<RunningNode> StartStoredAtAsync(string path, string hocon)
    {
        var running = await StartAsync(null, null, $"{hocon}\nbitark.data-dir = \"{path}\"", (services, settings) => services.AddBitArk(settings));

        // As the process does it.
        running.Services.GetRequiredService<BitArkNode>().AnnounceGrpc(running.Ports.Grpc);
        return running;
    }

    /// <summary>Until it leads or follows in every partition.</summary>
    internal Task WhenStoredServesAsync(TimeSpan atMost) => Services.GetRequiredService<BitArkNode>().WhenServingAsync().WaitAsync(atMost);

    private static async Task<RunningNode> StartAsync(
        ModelNode? model, TemporaryDirectory? data, string hocon, Action<IServiceCollection, BitArkSettings> addNode)
    {
        var settings = SettingsLoader.FromHocon(
            $"bitark {{ http.port = -1, grpc.port = -1, reads.token-wait = 50ms, data-dir = \"{data?.FullPath}\" }}\n{hocon}");
        var app = NodeApplication.Build(settings, services => addNode(services, settings));
        await app.StartAsync();
        return new RunningNode(app, model, data);
    }

    /// <summary>Ends the host without letting anybody finish: what a killed process looks like from outside.</summary>
    internal Task AbortConnectionsAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_model is not null)
            _data?.Dispose();
    }
}
