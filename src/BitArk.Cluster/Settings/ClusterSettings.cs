using System.Globalization;

namespace BitArk.Cluster;

/// <summary>How nodes find each other.</summary>
/// <param name="SeedNodes"><c>host:port</c> of the nodes to join through; empty: this node itself.</param>
/// <param name="ExpectedNodes">Data nodes that must be present before the cluster is first created.</param>
public sealed record ClusterSettings(IReadOnlyList<string> SeedNodes, int ExpectedNodes)
{
    private const int MaxNodes = 1000;
    private const int MaxPort = 65535;

    internal static ClusterSettings From(HoconReader reader, int replicationFactor)
    {
        var settings = new ClusterSettings(reader.List("cluster.seed-nodes"), reader.Number("cluster.expected-nodes", 1, MaxNodes));
        foreach (var seed in settings.SeedNodes.Where(seed => !IsHostAndPort(seed)))
            reader.Refuse("cluster.seed-nodes", seed, "each entry is \"host:port\" with a port from 1 to 65535");

        if (settings.ExpectedNodes < replicationFactor)
            reader.Refuse("cluster.expected-nodes", $"{settings.ExpectedNodes}", $"at least bitark.replication-factor = {replicationFactor} is allowed");

        return settings;
    }

    private static bool IsHostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= MaxPort;
    }
}
