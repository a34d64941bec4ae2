namespace BitArk.Chaos.ClusterHistories;

/// <summary>How far the log was known to reach by what had been answered before a moment.</summary>
internal sealed class Completions
{
    private readonly List<long> _returns = [];
    private readonly List<Lsn> _highest = [];

    /// <summary>None yet.</summary>
    public Completions()
    {
    }

    /// <summary>Those of answers, in any order.</summary>
    public Completions(IEnumerable<(long Return, Lsn Lsn)> answers)
    {
        foreach ((long at, Lsn lsn) in answers.OrderBy(answer => answer.Return))
            Add(at, lsn);
    }

    /// <summary>One more, not earlier than those before.</summary>
    public void Add(long at, Lsn lsn)
    {
        _returns.Add(at);
        _highest.Add(_highest.Count > 0 ? Lsn.Max(_highest[^1], lsn) : lsn);
    }

    /// <summary>The highest position answered strictly before a moment; zero: none.</summary>
    public Lsn Before(long moment)
    {
        int low = 0, high = _returns.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_returns[middle] < moment)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? Lsn.Zero : _highest[low - 1];
    }
}
