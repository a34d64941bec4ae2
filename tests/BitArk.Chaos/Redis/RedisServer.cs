using System.Diagnostics;
using System.Globalization;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Redis;

/// <summary>A Redis server as a process of its own: each write in its log, and each of these flushed before the answer.</summary>
internal sealed class RedisServer(string name, string directory) : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly int _port = FreePorts.Take(1)[0];
    private Process? _process;

    /// <summary>Which of the two.</summary>
    public string Name => name;

    /// <summary>Starts it, as a replica of the other one or as a master, and waits until it answers.</summary>
    public async Task StartAsync(RedisServer? master)
    {
        Directory.CreateDirectory(directory);
        string[] replicaOf = master is null ? [] : ["--replicaof", "127.0.0.1", PortOf(master)];
        _process = Process.Start(new ProcessStartInfo("redis-server",
        [
            "--port", PortOf(this), "--bind", "127.0.0.1", "--dir", directory, "--logfile", Path.Combine(directory, "log"),
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--repl-diskless-sync-delay", "0", .. replicaOf,
        ]))!;
        await WhenAsync(async client => await client.CallAsync(default, "PING") == "PONG", $"{name} does not answer");
    }

    /// <summary>A new connection.</summary>
    public Task<RespClient> ConnectAsync() => RespClient.ConnectAsync(_port);

    /// <summary>Waits until it has all that its master has, and gets what that takes from now on.</summary>
    public Task WhenReplicatingAsync() => WhenAsync(
        async client => (await client.CallAsync(default, "INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal),
        $"{name} does not come to replicate");

    /// <summary>Makes it a master.</summary>
    public async Task PromoteAsync()
    {
        using RespClient client = await ConnectAsync();
        await client.CallAsync(default, "REPLICAOF", "NO", "ONE");
    }

    /// <summary>Makes it a replica; what it has and the other has not is gone.</summary>
    public async Task FollowAsync(RedisServer master)
    {
        using RespClient client = await ConnectAsync();
        await client.CallAsync(default, "REPLICAOF", "127.0.0.1", PortOf(master));
    }

    /// <summary>How many of the first bits of a key are set.</summary>
    public async Task<long> CountAsync(string key, long bits)
    {
        using RespClient client = await ConnectAsync();
        string last = (bits - 1).ToString(CultureInfo.InvariantCulture);
        return bits == 0 ? 0 : long.Parse(await client.CallAsync(default, "BITCOUNT", key, "0", last, "BIT"), CultureInfo.InvariantCulture);
    }

    /// <summary>Sends it a signal.</summary>
    public void Send(int signal) => Signals.Send(_process!, signal);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            running.WaitForExit();
        }

        _process?.Dispose();
    }

    private static string PortOf(RedisServer server) => server._port.ToString(CultureInfo.InvariantCulture);

    private async Task WhenAsync(Func<RespClient, Task<bool>> holds, string otherwise)
    {
        if (!await Eventually.HoldsAsync(TryAsync, Bound))
            throw new ToolException($"{otherwise}; see {directory}/log");

        async Task<bool> TryAsync()
        {
            try
            {
                using RespClient client = await ConnectAsync();
                return await holds(client);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or RedisRefusedException)
            {
                return false;
            }
        }
    }
}
