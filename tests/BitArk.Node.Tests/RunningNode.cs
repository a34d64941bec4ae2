using BitArk.Cluster;
using BitArk.Node.Hosting;
using BitArk.Node.Tests.Model;
using BitArk.Protocol.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BitArk.Node.Tests;

/// <summary>The real host on ports of the system's choice, in front of a <see cref="ModelNode"/>, with a client for each door.</summary>
public sealed class RunningNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private RunningNode(WebApplication app, ModelNode model, string dataDirectory)
    {
        _app = app;
        Model = model;
        DataDirectory = dataDirectory;
        Ports = app.Services.GetRequiredService<BoundPorts>();
        Http = new HttpClient { BaseAddress = new Uri($"http://{Ports.HttpAuthority}") };
        _channel = GrpcChannel.ForAddress($"http://{Ports.GrpcAuthority}");
        ReadStatus = new ReadStatus.ReadStatusClient(_channel);
        Admin = new Admin.AdminClient(_channel);
    }

    public HttpClient Http { get; }

    public ReadStatus.ReadStatusClient ReadStatus { get; }

    public Admin.AdminClient Admin { get; }

    internal ModelNode Model { get; }

    internal BoundPorts Ports { get; }

    internal IServiceProvider Services => _app.Services;

    internal string DataDirectory { get; }

    internal static async Task<RunningNode> StartAsync(ModelNode? model = null, string hocon = "")
    {
        model ??= new ModelNode();
        var data = Directory.CreateTempSubdirectory("bitark-node-").FullName;
        var settings = SettingsLoader.FromHocon(
            $"bitark {{ http.port = -1, grpc.port = -1, reads.token-wait = 50ms, data-dir = \"{data}\" }}\n{hocon}");
        var app = NodeApplication.Build(settings, services => services.AddSingleton<IReadStatusNode>(model));
        await app.StartAsync();
        return new RunningNode(app, model, data);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }
}
