using BitArk.Storage.Disk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BitArk.Cluster;

/// <summary>Puts a node into a host.</summary>
public static class BitArkServiceCollectionExtensions
{
    /// <summary>
    /// Adds the node (<see cref="BitArkNode"/>, <see cref="IReadStatusNode"/>, <see cref="BitArkSettings"/>), which makes its ActorSystems
    /// itself. Add it before the web server's services: what is added first starts first and stops last, so no request finds it
    /// gone. An <see cref="IDisk"/> or <see cref="TimeProvider"/> among the services takes the place of the real one.
    /// </summary>
    public static IServiceCollection AddBitArk(this IServiceCollection services, BitArkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.AddSingleton(settings);
        services.AddSingleton(provider => new BitArkNode(
            settings, provider.GetService<IDisk>(), provider.GetService<TimeProvider>(), provider.GetService<ILogger<BitArkNode>>()));
        services.AddSingleton<IReadStatusNode>(provider => provider.GetRequiredService<BitArkNode>());
        services.TryAddSingleton<IProcessExit, ProcessExit>();
        services.TryAddSingleton<IActorSystems, HostedActorSystems>();
        services.AddHostedService<NodeLifetimeService>();
        return services;
    }
}
