using BitArk.Storage.Disk;

namespace BitArk.Storage.Tests.Disk;

/// <summary>
/// A disk in memory that knows what a power cut would leave. Deterministic: the caller's seed decides which dirty sectors
/// and which directory changes survive. Not thread-safe.
/// </summary>
public sealed class MemoryDisk : IDisk
{
    private const string Root = "/";

    private readonly SortedDictionary<string, MemoryDirectory> _directories = new(StringComparer.Ordinal) { [Root] = new MemoryDirectory() };
    private readonly SortedSet<string> _unsyncedDirectories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locks = [];

    /// <summary>What <see cref="FreeBytes"/> answers.</summary>
    public long Free { get; set; } = long.MaxValue;

    /// <summary>The disk as the next process finds it after this one was killed.</summary>
    public MemoryDisk AfterKill()
    {
        var disk = Derive(_directories.Keys, directory => directory.Copy());
        disk._unsyncedDirectories.UnionWith(_unsyncedDirectories);
        return disk;
    }

    /// <summary>The disk after a power cut: of what was not synced, any part survives.</summary>
    public MemoryDisk AfterPowerCut(int seed)
    {
        var survives = Survival(seed);
        var left = Left(survives);
        return Derive(left, directory => directory.AfterPowerCut(survives));
    }

    /// <summary>The same, to this disk itself, and quicker: nobody looks at it as it was before.</summary>
    public void CutPower(int seed)
    {
        var survives = Survival(seed);
        var left = Left(survives);
        foreach (var gone in _directories.Keys.Except(left).ToList())
            _directories.Remove(gone);
        _unsyncedDirectories.Clear();
        foreach (var directory in _directories.Values)
            directory.CutPower(survives);
    }

    private List<string> Left(Func<bool> survives)
    {
        var lost = _unsyncedDirectories.Where(_ => !survives()).ToList();
        return [.. _directories.Keys.Where(name => !lost.Exists(gone => name == gone || name.StartsWith(gone + "/", StringComparison.Ordinal)))];
    }

    private static Func<bool> Survival(int seed)
    {
        // One draw in three cuts keeps everything, one nothing: the extremes are where orders of writes show.
        var random = new Random(seed);
        return random.Next(3) switch
        {
            0 => () => false,
            1 => () => true,
            _ => () => random.Next(2) == 0,
        };
    }

    /// <summary>Every file's content by path, to compare disks.</summary>
    public IReadOnlyDictionary<string, byte[]> Dump() => _directories
        .SelectMany(directory => directory.Value.Entries.Select(entry => (Path: Path.Combine(directory.Key, entry.Key), entry.Value)))
        .ToDictionary(file => file.Path, file => file.Value.Content.ToArray());

    /// <summary>Changes bytes of a file behind everybody's back, durably.</summary>
    public void Corrupt(string path, Action<byte[]> change) => Find(path, "corrupt").Corrupt(change);

    /// <summary>Takes a directory away with all that is below it, durably.</summary>
    public void Lose(string directory)
    {
        foreach (var gone in _directories.Keys.Where(name => name == directory || name.StartsWith(directory + "/", StringComparison.Ordinal)).ToList())
        {
            _directories.Remove(gone);
            _unsyncedDirectories.Remove(gone);
        }
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        if (mode == DiskOpenMode.Create)
        {
            var directory = DirectoryOf(path, "open");
            if (directory.Entries.TryGetValue(Path.GetFileName(path), out var existing))
                existing.Resize(0);
            else
                directory.Add(Path.GetFileName(path), new MemoryFile());
        }

        return new OpenFile(path, Find(path, "open"));
    }

    /// <inheritdoc/>
    public bool FileExists(string path) =>
        _directories.TryGetValue(ParentOf(path), out var directory) && directory.Entries.ContainsKey(Path.GetFileName(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) =>
        _directories.TryGetValue(directory, out var found) ? [.. found.Entries.Keys.Order(StringComparer.Ordinal)] : [];

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => _directories.ContainsKey(path);

    /// <inheritdoc/>
    public void CreateDirectory(string directory)
    {
        _ = DirectoryOf(directory, "mkdir");
        if (_directories.TryAdd(directory, new MemoryDirectory()))
            _unsyncedDirectories.Add(directory);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        _ = Find(from, "rename");
        if (ParentOf(from) != ParentOf(to))
            throw new NotSupportedException("The storage engine renames within one directory only.");
        DirectoryOf(to, "rename").Rename(Path.GetFileName(from), Path.GetFileName(to));
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (FileExists(path))
            DirectoryOf(path, "unlink").Remove(Path.GetFileName(path));
    }

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        if (!_directories.TryGetValue(directory, out var found))
            throw Missing("open", directory);
        found.Sync();
        _unsyncedDirectories.RemoveWhere(name => ParentOf(name) == directory);
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory) => Free;

    /// <inheritdoc/>
    public IDisposable Lock(string path) => _locks.Add(path)
        ? new Release(() => _locks.Remove(path))
        : throw new DiskException("flock", path, 11, "another process holds the lock");

    private static string ParentOf(string path) => Path.GetDirectoryName(path)!;

    private static DiskException Missing(string operation, string path) => new(operation, path, 2, "No such file or directory");

    private MemoryDisk Derive(IEnumerable<string> directories, Func<MemoryDirectory, MemoryDirectory> derive)
    {
        var disk = new MemoryDisk { Free = Free };
        foreach (var name in directories)
            disk._directories[name] = derive(_directories[name]);
        return disk;
    }

    private MemoryDirectory DirectoryOf(string path, string operation) =>
        _directories.TryGetValue(ParentOf(path), out var directory) ? directory : throw Missing(operation, path);

    private MemoryFile Find(string path, string operation) =>
        DirectoryOf(path, operation).Entries.TryGetValue(Path.GetFileName(path), out var file) ? file : throw Missing(operation, path);

    private sealed class Release(Action release) : IDisposable
    {
        public void Dispose() => release();
    }

    private sealed class OpenFile(string path, MemoryFile file) : IDiskFile, IDropsUnsynced
    {
        public string Path => path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> into) => file.Read(offset, into);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public void SyncData() => file.Sync();

        public void Sync() => file.Sync();

        public void SetLength(long bytes) => file.Resize(checked((int)bytes));

        public void DropUnsynced() => file.DropUnsynced();

        public void Dispose()
        {
        }
    }
}

/// <summary>A file that can lose what was written since the last sync, as the kernel's does when a sync fails.</summary>
internal interface IDropsUnsynced
{
    /// <summary>Loses it, while reads still show it.</summary>
    void DropUnsynced();
}
