using BitArk.Chaos.Histories;

namespace BitArk.Chaos.Script;

/// <summary>The writes of the storage script, the same in every run, so that another process can say what must be there.</summary>
internal static class ScriptWrites
{
    /// <summary>How many writes the script makes.</summary>
    public const int Count = 64;

    /// <summary>The session that all of them belong to.</summary>
    public static readonly SessionId Session = new(1);

    private const int Seed = 17;

    // Large enough that few writes fill a segment of 64 KiB.
    private const int OperationsPerWrite = 260;

    /// <summary>All writes, in order; write N has the sequence N, counted from 1.</summary>
    public static IEnumerable<MarkOperation[]> All()
    {
        var workload = new Workload(lane: 0, Seed);
        for (int i = 0; i < Count; i++)
        {
            var write = new List<MarkOperation>(OperationsPerWrite);
            while (write.Count < OperationsPerWrite)
                write.AddRange(workload.Next());
            yield return [.. write];
        }
    }

    /// <summary>The read sets after the first <paramref name="writes"/> writes; empty ones do not exist.</summary>
    public static Dictionary<ReadSetKey, RangeSet> StateAfter(int writes)
    {
        Dictionary<ReadSetKey, RangeSet> states = [];
        foreach (MarkOperation operation in All().Take(writes).SelectMany(write => write))
        {
            if (!states.TryGetValue(ReadSetKey.Of(operation), out RangeSet? state))
                states.Add(ReadSetKey.Of(operation), state = new RangeSet());
            state.Apply(operation);
        }

        return states.Where(state => state.Value.Count > 0).ToDictionary();
    }
}
