namespace BitArk.Replication.Epochs;

/// <summary>Which epoch wrote which part of one log, its uncommitted part included. Immutable; both columns strictly increase.</summary>
public sealed class EpochHistory
{
    private readonly EpochBoundary[] _entries;

    /// <summary>Checks the order.</summary>
    /// <param name="entries">Oldest first.</param>
    /// <exception cref="ArgumentException">An entry does not come after the one before it in both columns.</exception>
    public EpochHistory(IEnumerable<EpochBoundary> entries)
    {
        _entries = [.. entries];
        for (var i = 1; i < _entries.Length; i++)
        {
            if (_entries[i].Epoch <= _entries[i - 1].Epoch || _entries[i].First <= _entries[i - 1].First)
                throw new ArgumentException($"{_entries[i]} does not follow {_entries[i - 1]}.", nameof(entries));
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<EpochBoundary> Entries => _entries;

    /// <summary>The newest epoch that is not above <paramref name="epoch"/>; <see cref="Epoch.None"/> when the log has none.</summary>
    public Epoch NewestUpTo(Epoch epoch)
    {
        var index = IndexUpTo(epoch);
        return index < 0 ? Epoch.None : _entries[index].Epoch;
    }

    /// <summary>
    /// Where the records of epochs up to <paramref name="epoch"/> end: the start of the next epoch, or the end of the log.
    /// </summary>
    /// <param name="epoch">Any epoch; the log need not know it.</param>
    /// <param name="writtenLsn">The end of the log. An epoch that begins at it or behind it is not durable and ends nothing earlier.</param>
    public Lsn EndOf(Epoch epoch, Lsn writtenLsn)
    {
        var next = IndexUpTo(epoch) + 1;
        return next < _entries.Length ? Lsn.Min(_entries[next].First, writtenLsn) : writtenLsn;
    }

    /// <summary>Where the epoch begins; null when the log does not know it.</summary>
    public Lsn? FirstOf(Epoch epoch)
    {
        var index = IndexUpTo(epoch);
        return index >= 0 && _entries[index].Epoch == epoch ? _entries[index].First : null;
    }

    private int IndexUpTo(Epoch epoch)
    {
        var index = _entries.Length - 1;
        while (index >= 0 && _entries[index].Epoch > epoch)
        {
            index--;
        }

        return index;
    }
}
