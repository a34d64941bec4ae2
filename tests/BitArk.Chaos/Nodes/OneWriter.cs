using BitArk.Chaos.Histories;

namespace BitArk.Chaos.Nodes;

/// <summary>One client that writes step by step, for tests that look at each answer.</summary>
internal sealed class OneWriter(int seed, int partitionCount)
{
    private readonly Workload _workload = new(lane: 0, seed);

    /// <summary>What it was told.</summary>
    public LaneHistory History { get; } = new(partitionCount);

    /// <summary>Sends one write; the first answer that is not an acknowledgement, or null.</summary>
    public async Task<OperationAnswer?> WriteAsync(NodeClient client)
    {
        IReadOnlyList<MarkOperation> write = _workload.Next();
        IReadOnlyList<OperationAnswer> answers = await client.WriteAsync(write);
        History.Record(write, answers);
        return answers.FirstOrDefault(answer => answer is not OperationAnswer.Acknowledged);
    }

    /// <summary>Writes so many times; the first answer that is not an acknowledgement, or null.</summary>
    public async Task<OperationAnswer?> WriteAsync(NodeClient client, int times)
    {
        for (int i = 0; i < times; i++)
        {
            if (await WriteAsync(client) is { } other)
                return other;
        }

        return null;
    }

    /// <summary>Compares everything it wrote with the node.</summary>
    public async Task<List<Finding>> CompareAsync(NodeClient client)
    {
        Dictionary<ReadSetKey, RangeSet> found = await client.ReadAllAsync(History.Acknowledged.Keys);
        List<Finding> findings = HistoryChecker.Check(History, found);
        History.Adopt(found);
        return findings;
    }
}
