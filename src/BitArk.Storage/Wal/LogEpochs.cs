namespace BitArk.Storage.Wal;

/// <summary>
/// Which epoch wrote which part of this log, what is not committed or not yet flushed included: by it two histories that
/// differ find their last common position. Both columns strictly increase; the newest <see cref="MaxEntries"/> epochs are
/// kept. Changed by the log's owner; any thread reads, each time a whole and unchanging list.
/// </summary>
public sealed class LogEpochs
{
    /// <summary>The most epochs remembered: as many as a snapshot's table holds.</summary>
    public const int MaxEntries = 4096;

    private volatile EpochEntry[] _entries;

    internal LogEpochs(IEnumerable<EpochEntry> entries) => _entries = [.. entries];

    /// <summary>Oldest first, as it is now; the list never changes.</summary>
    public IReadOnlyList<EpochEntry> Entries => _entries;

    /// <summary>The newest epoch; <see cref="Epoch.None"/> before the first.</summary>
    public Epoch Last => _entries is [.., var last] ? last.Epoch : Epoch.None;

    /// <summary>The epoch of the record that ends at a position; <see cref="Epoch.None"/> where it is not remembered, or there is none.</summary>
    public Epoch Before(Lsn position)
    {
        var entries = _entries;
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].First < position)
                return entries[i].Epoch;
        }

        return Epoch.None;
    }

    // A record of this epoch begins at this position, behind everything seen before.
    internal void Saw(Epoch epoch, Lsn first)
    {
        var entries = _entries;
        if (entries is [.., var last] && epoch <= last.Epoch)
            return;
        if (epoch == Epoch.None)
            return;
        _entries = [.. entries.AsSpan(entries.Length == MaxEntries ? 1 : 0), new EpochEntry(epoch, first)];
    }

    // What begins at or behind the cut is gone.
    internal void CutTo(Lsn cut) => _entries = Array.FindAll(_entries, entry => entry.First < cut);
}
