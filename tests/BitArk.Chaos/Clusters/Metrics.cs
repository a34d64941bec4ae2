using System.Globalization;
using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Clusters;

/// <summary>Reads a node's metrics in Prometheus' text format.</summary>
internal static class Metrics
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The sum of all series of a name; 0 when there is none.</summary>
    public static async Task<double> SumAsync(NodeProcess node, string name)
    {
        string text = await Http.GetStringAsync(new Uri(node.Http, "/metrics"));
        return text.Split('\n')
            .Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal) || line.StartsWith($"{name} ", StringComparison.Ordinal))
            .Sum(Value);
    }

    // name{labels} value [milliseconds]
    private static double Value(string line) =>
        double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
}
