using BitArk.Cluster;

namespace BitArk.Node.Hosting;

internal static class PendingWiring
{
    public static IServiceCollection AddBitArk(this IServiceCollection services, BitArkSettings settings) =>
        throw new SettingsException($"{settings.NodeName}: the storage engine is not wired yet");
}
