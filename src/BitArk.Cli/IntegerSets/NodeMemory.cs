using System.Globalization;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.IntegerSets;

/// <summary>What a node says in its metrics about the memory of its read sets.</summary>
internal static class NodeMemory
{
    private const string Metric = "bitark_memory_bytes";

    /// <summary>Bytes over all partitions.</summary>
    /// <exception cref="CliException">It does not answer, or not with that metric.</exception>
    public static async Task<long> ReadAsync(NodeAddress http, CancellationToken cancellation)
    {
        if (http.Door != NodeDoor.Http)
        {
            throw CliException.Usage($"--http: {http} is no HTTP address; metrics are at http://host:port");
        }

        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = http.Endpoint };
            var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellation).ConfigureAwait(false);
            return Parse(text) ?? throw new CliException(ExitCode.NodeAway, $"{http}/metrics has no {Metric}");
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(ExitCode.NodeAway, $"{http}: {failure.Message}", failure);
        }
    }

    /// <summary>The sum over all label sets of the metric in a Prometheus text; null when it is not there.</summary>
    internal static long? Parse(string text)
    {
        long? sum = null;
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith(Metric, StringComparison.Ordinal) || line.Length == Metric.Length || line[Metric.Length] is not ('{' or ' '))
            {
                continue;
            }

            // A timestamp may follow the value; blanks inside label values end before the brace does.
            var fields = line[(line.LastIndexOf('}') is var brace and > 0 ? brace + 1 : Metric.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 0 && double.TryParse(fields[0], CultureInfo.InvariantCulture, out var value))
            {
                sum = (sum ?? 0) + (long)value;
            }
        }

        return sum;
    }
}
