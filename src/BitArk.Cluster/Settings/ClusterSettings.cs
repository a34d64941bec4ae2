using System.Globalization;
using System.Net;

namespace BitArk.Cluster;

/// <summary>How nodes find each other.</summary>
/// <param name="SeedNodes"><c>host:port</c> of the nodes to join through; empty: this node itself.</param>
/// <param name="ExpectedNodes">Data nodes that must be present before the cluster is first created; 1: this node stays alone.</param>
/// <param name="FormAfter">How long a seed waits for somebody to join before it begins a cluster itself; the second one twice as long, and so on.</param>
/// <param name="AdvertisedHost">The host under which the other nodes reach this one.</param>
public sealed record ClusterSettings(IReadOnlyList<string> SeedNodes, int ExpectedNodes, TimeSpan FormAfter, string AdvertisedHost)
{
    private const int MaxNodes = 1000;
    private const int MaxPort = 65535;

    /// <summary>Whether there are other nodes. Otherwise nothing listens for them.</summary>
    public bool HasPeers => ExpectedNodes > 1;

    internal static ClusterSettings From(HoconReader reader, int replicationFactor, ListenerSettings listeners)
    {
        var advertised = reader.Text("advertised-host", IsHostOrEmpty, "a host name or an IP address without a port is allowed, or nothing");
        var settings = new ClusterSettings(
            reader.List("cluster.seed-nodes"),
            reader.Number("cluster.expected-nodes", 1, MaxNodes),
            reader.Time("cluster.form-after", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            advertised.Length > 0 ? advertised : listeners.Bind.ToString());
        foreach (var seed in settings.SeedNodes.Where(seed => !IsHostAndPort(seed)))
            reader.Refuse("cluster.seed-nodes", seed, "each entry is \"host:port\" with a port from 1 to 65535");

        if (settings.ExpectedNodes < replicationFactor)
            reader.Refuse("cluster.expected-nodes", $"{settings.ExpectedNodes}", $"at least bitark.replication-factor = {replicationFactor} is allowed");

        if (!settings.HasPeers && settings.SeedNodes.Count > 1)
            reader.Refuse("cluster.seed-nodes", $"[{string.Join(", ", settings.SeedNodes)}]", "at most one entry, this node itself, is allowed while bitark.cluster.expected-nodes = 1");

        if (settings.HasPeers && advertised.Length == 0 && IsAny(listeners.Bind))
            reader.Refuse("advertised-host", "(nothing)", $"the host under which the other nodes reach this one is allowed: bitark.bind = {listeners.Bind} names none");

        return settings;
    }

    /// <summary>Splits a valid entry; an IPv6 address loses its brackets.</summary>
    internal static (string Host, int Port) Split(string seed)
    {
        var colon = seed.LastIndexOf(':');
        return (seed[..colon].Trim('[', ']'), int.Parse(seed.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsHostOrEmpty(string text) => text.Length == 0 || Uri.CheckHostName(text) is not UriHostNameType.Unknown;

    private static bool IsHostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= MaxPort;
    }
}
