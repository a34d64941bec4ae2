namespace BitArk.Storage.Tests.Disk;

/// <summary>The entries of one directory; changes are durable after a sync, and a power cut keeps a prefix of the later ones.</summary>
internal sealed class MemoryDirectory
{
    private readonly List<Action<IDictionary<string, MemoryFile>>> _unsynced = [];
    private Dictionary<string, MemoryFile> _durable = [];

    public Dictionary<string, MemoryFile> Entries { get; private set; } = [];

    public void Change(Action<IDictionary<string, MemoryFile>> change)
    {
        change(Entries);
        _unsynced.Add(change);
    }

    public void Sync()
    {
        _durable = new Dictionary<string, MemoryFile>(Entries);
        _unsynced.Clear();
    }

    public MemoryDirectory AfterPowerCut(Func<bool> survives)
    {
        var entries = new Dictionary<string, MemoryFile>(_durable);
        foreach (var change in _unsynced.TakeWhile(_ => survives()))
            change(entries);
        return Of(entries.ToDictionary(entry => entry.Key, entry => entry.Value.AfterPowerCut(survives)));
    }

    /// <summary>A power cut, to this directory itself.</summary>
    public void CutPower(Func<bool> survives)
    {
        var entries = new Dictionary<string, MemoryFile>(_durable);
        foreach (var change in _unsynced.TakeWhile(_ => survives()))
            change(entries);
        foreach (var file in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            file.Value.CutPower(survives);
        Entries = entries;
        Sync();
    }

    /// <summary>As the next process finds it; counted as durable, because only a later power cut could tell.</summary>
    public MemoryDirectory Copy() => Of(Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Copy()));

    private static MemoryDirectory Of(Dictionary<string, MemoryFile> entries)
    {
        var directory = new MemoryDirectory { Entries = entries };
        directory._durable = new Dictionary<string, MemoryFile>(entries);
        return directory;
    }
}
