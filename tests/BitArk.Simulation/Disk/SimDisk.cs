using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Simulation.Disk;

/// <summary>
/// The disk as one process sees it: the memory behind it outlives the process, the faults end with it. Calls that change
/// something are counted, so that the process can be made to end at one of them, and the next sync can be made to fail.
/// </summary>
internal sealed class SimDisk(MemoryDisk inner) : IDisk
{
    private int _callsToEnd = -1;

    /// <summary>What lies beneath.</summary>
    public MemoryDisk Inner => inner;

    /// <summary>Whether the next sync of a file fails, as the kernel fails it: the bytes are lost, and still shown.</summary>
    public bool FailNextSync { get; set; }

    /// <summary>Whether a call failed or ended the process.</summary>
    public bool HasFired { get; private set; }

    /// <summary>Lets the process end at a coming call: 0 is the next one. A write that ends it leaves a part of its bytes.</summary>
    public void EndAfter(int calls) => _callsToEnd = calls;

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        if (mode == DiskOpenMode.Create)
            Before();
        return new SimFile(this, inner.Open(path, mode));
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => inner.FileExists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    /// <inheritdoc/>
    public void CreateDirectory(string directory)
    {
        Before();
        inner.CreateDirectory(directory);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        Before();
        inner.Rename(from, to);
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        Before();
        inner.Delete(path);
    }

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        Before();
        inner.SyncDirectory(directory);
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory) => inner.FreeBytes(directory);

    /// <inheritdoc/>
    public IDisposable Lock(string path) => inner.Lock(path);

    private void Before()
    {
        if (_callsToEnd < 0)
            return;
        if (_callsToEnd-- > 0)
            return;
        _callsToEnd = 0;
        HasFired = true;
        throw new ProcessEndedException();
    }

    private sealed class SimFile(SimDisk disk, IDiskFile file) : IDiskFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> into) => file.Read(offset, into);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (disk._callsToEnd == 0)
                file.Write(offset, bytes[..(bytes.Length / 2)]);
            disk.Before();
            file.Write(offset, bytes);
        }

        public void SyncData()
        {
            disk.Before();
            FailIfAsked("fdatasync");
            file.SyncData();
        }

        public void Sync()
        {
            disk.Before();
            FailIfAsked("fsync");
            file.Sync();
        }

        public void SetLength(long bytes)
        {
            disk.Before();
            file.SetLength(bytes);
        }

        public void Dispose() => file.Dispose();

        private void FailIfAsked(string call)
        {
            if (!disk.FailNextSync)
                return;
            disk.FailNextSync = false;
            disk.HasFired = true;
            (file as IDropsUnsynced)?.DropUnsynced();
            throw new DiskException(call, Path, DiskException.InputOutput, "simulated");
        }
    }
}
