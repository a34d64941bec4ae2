namespace BitArk.Chaos.ClusterHistories;

/// <summary>When the bit of one message id changed, along the log; it begins unread.</summary>
internal sealed class BitTimeline
{
    private readonly List<Lsn> _changes = [];

    /// <summary>The bit from a position on; positions never fall. The same again changes nothing.</summary>
    public void Set(Lsn at, bool read)
    {
        // Every change turns the bit round, so its value is how many there were.
        if (read == (_changes.Count % 2 == 1))
            return;
        _changes.Add(at);
    }

    /// <summary>The bit once the log was applied up to a position.</summary>
    public bool At(Lsn position) => CountUpTo(position) % 2 == 1;

    /// <summary>The positions behind <paramref name="from"/>, up to <paramref name="to"/>, where it changed.</summary>
    public IEnumerable<Lsn> Changes(Lsn from, Lsn to)
    {
        for (int i = CountUpTo(from); i < _changes.Count && _changes[i] <= to; i++)
            yield return _changes[i];
    }

    private int CountUpTo(Lsn position)
    {
        int low = 0, high = _changes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_changes[middle] <= position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
