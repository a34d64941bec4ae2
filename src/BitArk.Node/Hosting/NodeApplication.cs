using BitArk.Cluster;
using BitArk.Node.Http;
using BitArk.Node.Metrics;
using BitArk.Node.Peers;
using BitArk.Node.Services;
using BitArk.Protocol;
using BitArk.Storage.Disk;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;

namespace BitArk.Node.Hosting;

/// <summary>Puts the host together: the node behind <see cref="IReadStatusNode"/>, the front ends before it.</summary>
internal static class NodeApplication
{
    private static readonly TimeSpan ShutdownBound = TimeSpan.FromSeconds(45);

    /// <summary>A host that is not started yet.</summary>
    /// <param name="settings">Validated settings.</param>
    /// <param name="addNode">Registers <see cref="IReadStatusNode"/> and whatever starts and stops it.</param>
    public static WebApplication Build(BitArkSettings settings, Action<IServiceCollection> addNode)
    {
        // The empty builder reads no environment and no files: the settings are all there is.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "BitArk.Node" });
        AddLogging(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownBound);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(settings.Reads);
        builder.Services.AddSingleton(settings.Listeners);
        builder.Services.AddSingleton(TimeProvider.System);
        addNode(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listeners.Configure(kestrel, settings.Listeners));
        AddFrontEnds(builder.Services);

        var app = builder.Build();
        Route(app);
        return app;
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // A failed start is told in one line by the process itself, without a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // Refused requests are the client's affair; they are counted, not logged.
        logging.AddFilter("Grpc", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Grpc", LogLevel.Critical);
    }

    private static void AddFrontEnds(IServiceCollection services)
    {
        services.AddRouting();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = RequestLimits.MaxRequestBytes;

            // Its catch-all for unknown services would hide "method not allowed" on routes of two segments.
            grpc.IgnoreUnknownServices = true;
            grpc.Interceptors.Add<CallMark>();
        }).AddJsonTranscoding(json =>
        {
            json.JsonSettings.WriteInt64sAsStrings = true;
            json.TypeRegistry = TypeRegistry.FromMessages(ErrorInfo.Descriptor);
        });
        services.AddSingleton<BitArkMetrics>();
        services.AddSingleton<CallMeter>();
        MeterDisk(services);
        services.AddSingleton<BoundPorts>();
        services.AddSingleton<PeerMetrics>();
        services.AddSingleton<GrpcPeers>();
        services.AddSingleton<ISnapshotFetcher, GrpcSnapshotFetcher>();
        services.AddSingleton<PeerService>();
        services.AddSingleton<ClusterView>();
        services.AddSingleton<ReadStatusService>();
        services.AddSingleton<AdminService>();
        services.AddHostedService<ReadyAnnouncer>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(BitArkMetrics.MeterName, $"{BitArkMetrics.MeterName}.*", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
            .AddPrometheusExporter());
    }

    // Whatever disk the node was given, it is that one which is metered.
    private static void MeterDisk(IServiceCollection services)
    {
        var given = services.LastOrDefault(service => service.ServiceType == typeof(IDisk));
        services.AddSingleton<IDisk>(provider => new MeteredDisk(Inner(provider), provider.GetRequiredService<BitArkMetrics>().Meter));

        IDisk Inner(IServiceProvider provider) => given switch
        {
            null => PosixDisk.Instance,
            { ImplementationInstance: IDisk disk } => disk,
            { ImplementationFactory: { } make } => (IDisk)make(provider),
            _ => (IDisk)ActivatorUtilities.CreateInstance(provider, given.ImplementationType!),
        };
    }

    private static void Route(WebApplication app)
    {
        var meter = app.Services.GetRequiredService<BitArkMetrics>().Meter;
        PartitionInstruments.Publish(meter, app.Services.GetRequiredService<IReadStatusNode>());
        ReplicaInstruments.Publish(meter, app.Services.GetRequiredService<IReadStatusNode>());
        var settings = app.Services.GetRequiredService<BitArkSettings>();
        if (settings.Cluster.ExpectedNodes > 1 && app.Services.GetService<BitArkNode>() is { } node)
            node.ConnectTo(app.Services.GetRequiredService<GrpcPeers>(), app.Services.GetRequiredService<ISnapshotFetcher>());
        app.UseMiddleware<HostGuard>();
        app.UseMiddleware<HttpErrorShape>();
        app.UseRouting();
        app.UseMiddleware<BodyGuard>();
        app.MapGrpcService<ReadStatusService>();
        app.MapGrpcService<AdminService>();

        // It has no JSON form, and gRPC needs HTTP/2: only the gRPC listener reaches it.
        app.MapGrpcService<PeerService>();
        app.MapGet(BitmapEndpoint.Route, BitmapEndpoint.HandleAsync);
        app.MapGet("/health/live", HealthEndpoints.LiveAsync);
        app.MapGet("/health/ready", HealthEndpoints.ReadyAsync);
        app.MapGet("/", ConsolePage.AnswerAsync);
        app.MapPrometheusScrapingEndpoint("/metrics");
    }
}
