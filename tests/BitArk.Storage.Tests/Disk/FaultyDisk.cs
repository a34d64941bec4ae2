using BitArk.Storage.Disk;

namespace BitArk.Storage.Tests.Disk;

/// <summary>Thrown by the call at which <see cref="FaultyDisk"/> crashes, and by every call after it.</summary>
public sealed class SimulatedCrashException() : Exception("The process ended here.");

/// <summary>
/// Counts the calls that change a disk (open for creation, write, sync, rename, …; not reads) and makes one of them fail,
/// or the process end there. A crash in a write leaves its first half; a failed sync loses the data and still shows it.
/// </summary>
public sealed class FaultyDisk(IDisk inner) : IDisk
{
    private readonly List<string> _trace = [];

    /// <summary>How many changing calls were made.</summary>
    public int Calls => _trace.Count;

    /// <summary>The changing calls, in order.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>The 1-based call at which the process ends; 0: never.</summary>
    public int CrashAt { get; init; }

    /// <summary>The 1-based call that fails; 0: none.</summary>
    public int FailAt { get; init; }

    /// <summary>Which calls fail by their nature, whatever their number: operation and path.</summary>
    public Func<string, string, bool>? FailWhen { get; set; }

    /// <summary>Files whose bytes can't be read.</summary>
    public Func<string, bool>? UnreadableWhen { get; set; }

    /// <summary>With which error.</summary>
    public int Errno { get; init; } = 5;

    /// <summary>Whether the crash or the failure has happened.</summary>
    public bool HasFired { get; private set; }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        if (mode == DiskOpenMode.Create)
            Before("open", path);
        ThrowIfCrashed();
        return new FaultyFile(this, inner.Open(path, mode));
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => inner.FileExists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string directory)
    {
        Before("mkdir", directory);
        inner.CreateDirectory(directory);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        Before("rename", from);
        inner.Rename(from, to);
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        Before("unlink", path);
        inner.Delete(path);
    }

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        Before("fsync", directory);
        inner.SyncDirectory(directory);
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory) => inner.FreeBytes(directory);

    /// <inheritdoc/>
    public IDisposable Lock(string path) => inner.Lock(path);

    private void ThrowIfCrashed()
    {
        if (CrashAt > 0 && Calls >= CrashAt)
            throw new SimulatedCrashException();
    }

    private void Before(string operation, string path, Action? onCrash = null, Action? onFailure = null)
    {
        ThrowIfCrashed();
        _trace.Add($"{operation} {Path.GetFileName(path)}");
        if (Calls == CrashAt)
        {
            HasFired = true;
            onCrash?.Invoke();
            throw new SimulatedCrashException();
        }

        if (Calls == FailAt || FailWhen?.Invoke(operation, path) == true)
        {
            HasFired = true;
            onFailure?.Invoke();
            throw new DiskException(operation, path, Errno, "injected");
        }
    }

    private sealed class FaultyFile(FaultyDisk disk, IDiskFile file) : IDiskFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> into)
        {
            disk.ThrowIfCrashed();
            if (disk.UnreadableWhen?.Invoke(Path) == true)
                throw new DiskException("pread", Path, disk.Errno, "injected");
            return file.Read(offset, into);
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            var half = bytes[..(bytes.Length / 2)].ToArray();
            disk.Before("pwrite", Path, onCrash: () => file.Write(offset, half), onFailure: () => file.Write(offset, half));
            file.Write(offset, bytes);
        }

        public void SyncData()
        {
            disk.Before("fdatasync", Path, onFailure: Drop);
            file.SyncData();
        }

        public void Sync()
        {
            disk.Before("fsync", Path, onFailure: Drop);
            file.Sync();
        }

        public void SetLength(long bytes)
        {
            disk.Before("ftruncate", Path);
            file.SetLength(bytes);
        }

        public void Dispose() => file.Dispose();

        private void Drop() => (file as IDropsUnsynced)?.DropUnsynced();
    }
}
