using BitArk.Chaos.Histories;

namespace BitArk.Chaos.Nodes;

/// <summary>All clients of a run: lanes spread over connections, their histories, and the comparison with a node.</summary>
internal sealed class Fleet
{
    /// <summary>Connections to the node.</summary>
    public const int Connections = 8;

    private const int LanesPerConnection = 4;
    private readonly Lane[] _lanes;
    private long _acknowledged;

    /// <summary>Clients that never wrote yet.</summary>
    public Fleet(int seed, int partitionCount) =>
        _lanes = [.. Enumerable.Range(0, Connections * LanesPerConnection).Select(number => new Lane(number, seed, partitionCount))];

    /// <summary>Operations acknowledged over the whole run.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Records whose outcome was open at some kill, over the whole run.</summary>
    public long UnknownOutcomes { get; private set; }

    /// <summary>Read sets compared so far, over the whole run.</summary>
    public long Compared { get; private set; }

    /// <summary>Typed refusals, by reason, over the whole run.</summary>
    public IEnumerable<KeyValuePair<string, int>> Refusals =>
        _lanes.SelectMany(lane => lane.Refusals).GroupBy(refusal => refusal.Key, (reason, all) => KeyValuePair.Create(reason, all.Sum(one => one.Value)));

    /// <summary>Read sets touched so far.</summary>
    public int ReadSets => _lanes.Sum(lane => lane.History.Acknowledged.Count);

    /// <summary>All lanes write until told to stop, or until the node is gone.</summary>
    public async Task WriteAsync(Uri node, CancellationToken stop)
    {
        NodeClient[] clients = [.. Enumerable.Range(0, Connections).Select(_ => new NodeClient(node))];
        try
        {
            await Task.WhenAll(_lanes.Select((lane, i) =>
                Task.Run(() => lane.RunAsync(clients[i % Connections], count => Interlocked.Add(ref _acknowledged, count), stop), CancellationToken.None)));
        }
        finally
        {
            foreach (NodeClient client in clients)
                client.Dispose();
        }
    }

    /// <summary>Compares every read set ever touched with the acknowledged history, then takes what was found as the truth, so that each loss is told once.</summary>
    public async Task<List<Finding>> CompareAsync(Uri node)
    {
        var findings = new List<Finding>();
        using var client = new NodeClient(node);
        foreach (Lane lane in _lanes)
        {
            Dictionary<ReadSetKey, RangeSet> found = await client.ReadAllAsync(lane.History.Acknowledged.Keys);
            findings.AddRange(HistoryChecker.Check(lane.History, found));
            UnknownOutcomes += lane.History.Unknown.Count;
            Compared += found.Count;
            lane.History.Adopt(found);
        }

        return findings;
    }
}
