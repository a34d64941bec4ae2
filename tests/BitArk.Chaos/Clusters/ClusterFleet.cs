using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Clusters;

/// <summary>All clients of a run over a cluster, their histories, and the comparison with its replicas.</summary>
internal sealed class ClusterFleet(int seed, int partitionCount, int lanes = 24, int operationsPerWrite = 1)
{
    private readonly ClusterLane[] _lanes =
        [.. Enumerable.Range(0, lanes).Select(number => new ClusterLane(number, seed, partitionCount, operationsPerWrite))];

    private readonly LatencyBag _latencies = new();
    private long _acknowledged;

    /// <summary>Operations acknowledged over the whole run.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>How long acknowledged writes took since this was last emptied.</summary>
    public LatencyBag Latencies => _latencies;

    /// <summary>Records whose outcome stayed open, over the whole run.</summary>
    public long UnknownOutcomes { get; private set; }

    /// <summary>Read sets compared so far, on any replica.</summary>
    public long Compared { get; private set; }

    /// <summary>Writes repeated under their session.</summary>
    public long Repeated => _lanes.Sum(lane => lane.Repeated);

    /// <summary>Typed refusals by reason, as one text.</summary>
    public string Refusals => string.Join(", ", _lanes.SelectMany(lane => lane.Refusals).GroupBy(refusal => refusal.Key, (reason, all) => $"{reason} {all.Sum(one => one.Value)}"));

    /// <summary>All lanes write, through all nodes, until told to stop.</summary>
    public async Task WriteAsync(IEnumerable<Member> through, CancellationToken stop)
    {
        NodeClient[] clients = [.. through.Select(member => new NodeClient(member.Grpc))];
        try
        {
            await Task.WhenAll(_lanes.Select(lane => Task.Run(() => lane.RunAsync(clients, Take, stop), CancellationToken.None)));
        }
        finally
        {
            foreach (NodeClient client in clients)
                client.Dispose();
        }
    }

    /// <summary>
    /// Compares every read set ever touched: the leader's with the acknowledged history, asked through any node, and each
    /// replica's own, under the token of the leader's answer, with the leader's. Nothing may be written meanwhile. What was
    /// found is the truth afterwards, so that each loss is told once.
    /// </summary>
    public async Task<List<string>> CompareAsync(IReadOnlyList<Member> members)
    {
        var findings = new List<string>();
        ReplicaReader[] readers = [.. members.Select(member => new ReplicaReader(member))];
        foreach (ClusterLane lane in _lanes)
        {
            ReadSetKey[] keys = [.. lane.History.Acknowledged.Keys];
            Dictionary<ReadSetKey, (RangeSet Content, string Token)> led = await readers[lane.History.Acknowledged.Count % readers.Length].FromLeaderAsync(keys);
            Dictionary<ReadSetKey, RangeSet> found = led.ToDictionary(one => one.Key, one => one.Value.Content);
            findings.AddRange(HistoryChecker.Check(lane.History, found).Select(finding => $"{finding}"));
            UnknownOutcomes += lane.History.Unknown.Count;
            lane.History.Adopt(found);
            Compared += found.Count;
            foreach (ReplicaReader reader in readers)
            {
                findings.AddRange(await reader.DifferencesAsync(led));
                Compared += found.Count;
            }
        }

        foreach (ReplicaReader reader in readers)
            reader.Dispose();
        return findings;
    }

    private void Take(int operations, double milliseconds)
    {
        Interlocked.Add(ref _acknowledged, operations);
        _latencies.Add(milliseconds);
    }
}
