using Akka;
using Akka.Actor;
using Akka.Hosting;
using BitArk.Storage.Disk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BitArk.Cluster;

/// <summary>Puts a node into a host.</summary>
public static class BitArkServiceCollectionExtensions
{
    private const string StopTask = "bitark-stop";

    /// <summary>
    /// Adds the node (<see cref="BitArkNode"/>, <see cref="IReadStatusNode"/>, <see cref="BitArkSettings"/>) and its ActorSystem. Add it
    /// before the web server's services: what is added first starts first and stops last, so no request finds it gone. An
    /// <see cref="IDisk"/> or <see cref="TimeProvider"/> among the services takes the place of the real one.
    /// </summary>
    public static IServiceCollection AddBitArk(this IServiceCollection services, BitArkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.AddSingleton(settings);
        services.AddSingleton(provider => new BitArkNode(settings, provider.GetService<IDisk>(), provider.GetService<TimeProvider>()));
        services.AddSingleton<IReadStatusNode>(provider => provider.GetRequiredService<BitArkNode>());
        services.TryAddSingleton<IProcessExit, ProcessExit>();
        services.AddHostedService<NodeLifetimeService>();
        services.AddAkka(BitArkNode.SystemName, (builder, provider) =>
        {
            builder.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            builder.AddHocon(AkkaSettings.Of(settings), HoconAddMode.Prepend);
            builder.WithActors((system, _) => Start(system, provider.GetRequiredService<BitArkNode>()));
        });
        return services;
    }

    private static void Start(ActorSystem system, BitArkNode node)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, StopTask, async () =>
        {
            await node.StopPartitionsAsync(shutdown.Timeout(CoordinatedShutdown.PhaseBeforeActorSystemTerminate)).ConfigureAwait(false);
            return Done.Instance;
        });
        node.StartPartitions(system);
    }
}
