using System.Net;
using System.Net.Sockets;

namespace BitArk.Chaos.Clusters;

/// <summary>
/// Ports that nobody uses, for nodes that have to be found again after a restart. They lie below the range from which the system
/// serves callers, so that no passing connection takes one while its node is away.
/// </summary>
internal static class FreePorts
{
    private const int Lowest = 15_000;
    private const int Highest = 32_000;

    /// <summary>So many different ones.</summary>
    public static int[] Take(int count)
    {
        var taken = new HashSet<int>();
        while (taken.Count < count)
        {
            int port = Random.Shared.Next(Lowest, Highest);
            if (!taken.Contains(port) && IsFree(port))
                taken.Add(port);
        }

        return [.. taken];
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
