using System.Net;

namespace BitArk.Cluster;

/// <summary>Where the front ends listen.</summary>
/// <param name="Bind">Address of all listeners.</param>
/// <param name="AllowInsecureBind">Whether an address beyond loopback is wanted although there is no TLS.</param>
/// <param name="HttpPort">JSON, health and metrics. For each port: 0 is off, <see cref="AnyFreePort"/> lets the system choose.</param>
/// <param name="GrpcPort">gRPC over cleartext HTTP/2.</param>
/// <param name="RespPort">Redis protocol.</param>
/// <param name="AllowedHosts">Host names over HTTP besides those of loopback, or <see cref="AnyHost"/>; empty beyond loopback: all.</param>
public sealed record ListenerSettings(
    IPAddress Bind, bool AllowInsecureBind, int HttpPort, int GrpcPort, int RespPort, IReadOnlyList<string> AllowedHosts)
{
    /// <summary>The entry of <see cref="AllowedHosts"/> that accepts every name.</summary>
    public const string AnyHost = "*";

    /// <summary>The port number that asks for any free port.</summary>
    public const int AnyFreePort = -1;

    private const int MaxPort = 65535;

    internal static ListenerSettings From(HoconReader reader)
    {
        var bind = reader.Text("bind", IsAddress, "an IP address is allowed, such as 127.0.0.1");
        var settings = new ListenerSettings(
            IPAddress.TryParse(bind, out var address) ? address : IPAddress.Loopback,
            reader.Switch("allow-insecure-bind"),
            reader.Number("http.port", AnyFreePort, MaxPort),
            reader.Number("grpc.port", AnyFreePort, MaxPort),
            reader.Number("resp.port", AnyFreePort, MaxPort),
            reader.List("http.allowed-hosts"));
        settings.Check(reader);
        return settings;
    }

    private void Check(HoconReader reader)
    {
        if (!IPAddress.IsLoopback(Bind) && !AllowInsecureBind)
            reader.Refuse("bind", Bind.ToString(), "only a loopback address is allowed while there is neither TLS nor authentication; bitark.allow-insecure-bind = on listens there all the same");

        foreach (var host in AllowedHosts.Where(host => host != AnyHost && Uri.CheckHostName(host) == UriHostNameType.Unknown))
            reader.Refuse("http.allowed-hosts", host, "each entry is a host name without a port, or \"*\" for every name");

        (string Key, int Port)[] ports = [("http.port", HttpPort), ("grpc.port", GrpcPort), ("resp.port", RespPort)];
        foreach (var clash in ports.Where(p => p.Port > 0).GroupBy(p => p.Port).Where(g => g.Count() > 1))
            reader.Refuse(clash.Last().Key, $"{clash.Key}", $"a port of its own is allowed; bitark.{clash.First().Key} has this one");
    }

    private static bool IsAddress(string text) => IPAddress.TryParse(text, out _);
}
