namespace BitArk.Storage.Tests.Disk;

/// <summary>The entries of one directory; changes are durable after a sync, and a power cut keeps a prefix of the later ones.</summary>
internal sealed class MemoryDirectory
{
    private readonly List<EntryChange> _unsynced = [];
    private Dictionary<string, MemoryFile> _durable = [];

    public Dictionary<string, MemoryFile> Entries { get; private set; } = [];

    public void Add(string name, MemoryFile file) => Change(new EntryChange(Removed: null, name, file));

    public void Rename(string from, string to) => Change(new EntryChange(from, to, Entries[from]));

    public void Remove(string name) => Change(new EntryChange(name, Added: null, File: null));

    public void Sync()
    {
        _durable = new Dictionary<string, MemoryFile>(Entries);
        _unsynced.Clear();
    }

    public MemoryDirectory AfterPowerCut(Func<bool> survives)
    {
        var entries = new Dictionary<string, MemoryFile>(_durable);
        foreach (var change in _unsynced.TakeWhile(_ => survives()))
            change.Apply(entries);
        var directory = new MemoryDirectory { Entries = entries.ToDictionary(entry => entry.Key, entry => entry.Value.AfterPowerCut(survives)) };
        directory.Sync();
        return directory;
    }

    /// <summary>A power cut, to this directory itself.</summary>
    public void CutPower(Func<bool> survives)
    {
        var entries = new Dictionary<string, MemoryFile>(_durable);
        foreach (var change in _unsynced.TakeWhile(_ => survives()))
            change.Apply(entries);
        foreach (var file in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            file.Value.CutPower(survives);
        Entries = entries;
        Sync();
    }

    /// <summary>As the next process finds it. What was not synced still is not: a later power cut can take it away.</summary>
    public MemoryDirectory Copy()
    {
        var copies = new Dictionary<MemoryFile, MemoryFile>();
        var directory = new MemoryDirectory { Entries = CopyOf(Entries), _durable = CopyOf(_durable) };
        directory._unsynced.AddRange(_unsynced.Select(change => change with { File = change.File is { } file ? CopyOfFile(file) : null }));
        return directory;

        Dictionary<string, MemoryFile> CopyOf(Dictionary<string, MemoryFile> entries) =>
            entries.ToDictionary(entry => entry.Key, entry => CopyOfFile(entry.Value));

        MemoryFile CopyOfFile(MemoryFile file) => copies.TryGetValue(file, out var copy) ? copy : copies[file] = file.Copy();
    }

    private void Change(EntryChange change)
    {
        change.Apply(Entries);
        _unsynced.Add(change);
    }

    private sealed record EntryChange(string? Removed, string? Added, MemoryFile? File)
    {
        public void Apply(Dictionary<string, MemoryFile> entries)
        {
            if (Removed is not null)
                entries.Remove(Removed);
            if (Added is not null)
                entries[Added] = File!;
        }
    }
}
