using System.Globalization;
using System.Net.Sockets;

namespace BitArk.Chaos.Redis;

/// <summary>One client that sets the bits of a key of its own one after the other, and remembers how many were acknowledged.</summary>
/// <param name="key">The key.</param>
/// <param name="waits">Whether a bit counts as acknowledged only when WAIT says that the replica has it.</param>
internal sealed class RedisLane(string key, bool waits)
{
    /// <summary>The bits from the first on of which the server has said that they are set.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>The key.</summary>
    public string Key => key;

    /// <summary>Writes until it is stopped or its server is gone. Every reply counts, also one that comes after a pause.</summary>
    public async Task RunAsync(RedisServer server, CancellationToken stop)
    {
        try
        {
            using RespClient client = await server.ConnectAsync();
            while (!stop.IsCancellationRequested)
            {
                await client.CallAsync(stop, "SETBIT", key, Acknowledged.ToString(CultureInfo.InvariantCulture), "1");
                if (!waits || await client.CallAsync(stop, "WAIT", "1", "1000") != "0")
                    Acknowledged++;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or RedisRefusedException or OperationCanceledException)
        {
            // Killed, demoted, or stopped.
        }
    }
}
