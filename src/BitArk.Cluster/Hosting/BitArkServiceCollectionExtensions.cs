using Akka;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BitArk.Cluster;

/// <summary>Puts a node into a host.</summary>
public static class BitArkServiceCollectionExtensions
{
    private const string StopTask = "bitark-stop";

    /// <summary>
    /// Adds the node (<see cref="BitArkNode"/>, <see cref="IReadStatusNode"/>, <see cref="BitArkSettings"/>) and its ActorSystem. Add it
    /// before the web server's services: what is added first starts first and stops last, so no request finds it gone.
    /// </summary>
    public static IServiceCollection AddBitArk(this IServiceCollection services, BitArkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.AddSingleton(settings);
        services.AddSingleton(_ => new BitArkNode(settings));
        services.AddSingleton<IReadStatusNode>(provider => provider.GetRequiredService<BitArkNode>());
        services.AddHostedService<NodeLifetimeService>();
        services.AddAkka(BitArkNode.SystemName, (builder, provider) =>
        {
            builder.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            builder.AddHocon(settings.Hocon, HoconAddMode.Prepend);
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
