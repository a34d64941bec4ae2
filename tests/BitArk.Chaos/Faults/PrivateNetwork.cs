using System.Diagnostics;

namespace BitArk.Chaos.Faults;

/// <summary>
/// A network of the run's own: this process lives in a network namespace that stands between one more namespace for each node and routes what
/// they send each other, so that it can drop it, in both directions or in one. Clients reach every node meanwhile. The machine's network
/// is not touched, and all of it is gone with the last process in it.
/// </summary>
internal sealed class PrivateNetwork : IAsyncDisposable
{
    /// <summary>The programs it needs.</summary>
    public static readonly string[] Programs = ["ip", "unshare", "nsenter"];

    private const string Marker = "BITARK_CHAOS_NETWORK";
    private readonly List<Process> _holders = [];
    private readonly List<string[]> _rules = [];

    private PrivateNetwork()
    {
    }

    /// <summary>Whether this process is in a namespace made for it.</summary>
    public static bool IsInside => Environment.GetEnvironmentVariable(Marker) is not null;

    /// <summary>Whether this machine lets a namespace be made.</summary>
    public static async Task<bool> IsPossibleAsync() =>
        Signals.IsRoot && Tool.Missing(Programs) is null && (await Tool.RunAsync("unshare", ["--net", "ip", "link", "set", "lo", "up"])).ExitCode == 0;

    /// <summary>Runs this very command line again inside a new namespace; gives its exit code.</summary>
    public static async Task<int> EnterAsync()
    {
        string[] self = [Environment.ProcessPath!, .. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "BitArk.Chaos.dll")] : Array.Empty<string>()];
        using Process inner = Process.Start(new ProcessStartInfo("unshare", ["--net", .. self, .. Environment.GetCommandLineArgs()[1..]]) { Environment = { [Marker] = "1" } })!;
        void End(object? sender, EventArgs e) => Signals.Send(inner, Signals.Terminate);
        AppDomain.CurrentDomain.ProcessExit += End;
        await inner.WaitForExitAsync();
        AppDomain.CurrentDomain.ProcessExit -= End;
        return inner.ExitCode;
    }

    /// <summary>Makes a namespace for each of so many nodes and routes between them.</summary>
    public static async Task<PrivateNetwork> StartAsync(int nodes)
    {
        var network = new PrivateNetwork();
        await Tool.MustRunAsync("ip", "link", "set", "lo", "up");
        await File.WriteAllTextAsync("/proc/sys/net/ipv4/ip_forward", "1");
        for (int node = 0; node < nodes; node++)
            await network.AddAsync(node);
        return network;
    }

    /// <summary>The address of a node.</summary>
    public static string Host(int node) => $"10.77.{node + 1}.2";

    /// <summary>The command that a node's process must be started under.</summary>
    public string[] Wrapper(int node) => ["nsenter", $"--net=/proc/{_holders[node].Id}/ns/net"];

    /// <summary>Drops what a node sends to the others, what they send to it, or both.</summary>
    public async Task CutAsync(int node, bool sends, bool hears)
    {
        foreach (int other in Enumerable.Range(0, _holders.Count).Where(other => other != node))
        {
            if (sends)
                await DropAsync(node, other);
            if (hears)
                await DropAsync(other, node);
        }
    }

    /// <summary>Lets everything pass again.</summary>
    public async Task HealAsync()
    {
        foreach (string[] rule in _rules)
            await Tool.MustRunAsync("ip", ["rule", "del", .. rule]);
        _rules.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (int node = 0; node < _holders.Count; node++)
        {
            // The kernel takes a namespace down some time after its last process: the next run must not meet this one's links.
            await Tool.RunAsync("ip", ["link", "del", Link(node)]);
            _holders[node].Kill();
            await _holders[node].WaitForExitAsync();
            _holders[node].Dispose();
        }
    }

    private static string Link(int node) => $"node{node + 1}";

    private static string Subnet(int node) => $"10.77.{node + 1}.0/24";

    private async Task DropAsync(int from, int to)
    {
        string[] rule = ["iif", Link(from), "to", Subnet(to), "blackhole"];
        await Tool.MustRunAsync("ip", ["rule", "add", .. rule]);
        _rules.Add(rule);
    }

    private async Task AddAsync(int node)
    {
        // It holds the namespace while node processes come and go, and ends by itself when this process and so its input is gone.
        Process holder = Process.Start(new ProcessStartInfo("unshare", ["--net", "cat"]) { RedirectStandardInput = true })!;
        _holders.Add(holder);
        string own = File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)!.Name;
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (File.ResolveLinkTarget($"/proc/{holder.Id}/ns/net", returnFinalTarget: false)!.Name == own)
            await pause.WaitForNextTickAsync();
        await Tool.MustRunAsync("ip", "link", "add", Link(node), "type", "veth", "peer", "name", "eth0", "netns", $"{holder.Id}");
        await Tool.MustRunAsync("ip", "addr", "add", $"10.77.{node + 1}.1/24", "dev", Link(node));
        await Tool.MustRunAsync("ip", "link", "set", Link(node), "up");
        string[] inside = Wrapper(node);
        foreach (string[] command in new string[][] { ["addr", "add", $"{Host(node)}/24", "dev", "eth0"], ["link", "set", "eth0", "up"], ["link", "set", "lo", "up"], ["route", "add", "default", "via", $"10.77.{node + 1}.1"] })
            await Tool.MustRunAsync(inside[0], [.. inside[1..], "ip", .. command]);
    }
}
