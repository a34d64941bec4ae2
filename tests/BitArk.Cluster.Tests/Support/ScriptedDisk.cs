using BitArk.Storage.Disk;

namespace BitArk.Cluster.Tests.Support;

/// <summary>The real disk behind a script: it counts the syncs of log segments, and a test can hold back or fail any call.</summary>
internal sealed class ScriptedDisk : IDisk
{
    private int _segmentSyncs;
    private int _openFiles;
    private volatile Action<string, string>? _before;
    private long _freeBytes = long.MaxValue;

    /// <summary>fdatasyncs of segments; small ones are made with an fsync.</summary>
    public int SegmentSyncs => Volatile.Read(ref _segmentSyncs);

    /// <summary>Files that were opened and not closed yet.</summary>
    public int OpenFiles => Volatile.Read(ref _openFiles);

    /// <summary>Called with (operation, path) before each call; may block or throw.</summary>
    public Action<string, string>? Before
    {
        get => _before;
        set => _before = value;
    }

    /// <summary>What the file system claims to have left.</summary>
    public long Free
    {
        get => Volatile.Read(ref _freeBytes);
        set => Volatile.Write(ref _freeBytes, value);
    }

    /// <summary>What a path of the log contains. A segment keeps the name it was opened under, the temporary one.</summary>
    public const string Log = "/wal/";

    /// <summary>Fails every matching call from now on.</summary>
    public void Fail(string operation, string inPath, int errno = 5) => Before = (op, path) =>
    {
        if (op == operation && path.Contains(inPath, StringComparison.Ordinal))
            throw new DiskException(operation, path, errno, errno == DiskException.NoSpace ? "No space left on device" : "Input/output error");
    };

    /// <summary>Holds every fdatasync of a segment back until the gate is opened.</summary>
    public Gate HoldSegmentSyncs()
    {
        var gate = new Gate();
        Before = (operation, path) =>
        {
            if (operation == "fdatasync" && path.Contains(Log, StringComparison.Ordinal))
                gate.Pass();
        };
        return gate;
    }

    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        Before?.Invoke("open", path);
        var file = new File(this, PosixDisk.Instance.Open(path, mode));
        Interlocked.Increment(ref _openFiles);
        return file;
    }

    public bool FileExists(string path) => PosixDisk.Instance.FileExists(path);

    public IReadOnlyList<string> ListFiles(string directory) => PosixDisk.Instance.ListFiles(directory);

    public bool DirectoryExists(string path) => PosixDisk.Instance.DirectoryExists(path);

    public void CreateDirectory(string directory) => PosixDisk.Instance.CreateDirectory(directory);

    public void Rename(string from, string to)
    {
        Before?.Invoke("rename", from);
        PosixDisk.Instance.Rename(from, to);
    }

    public void Delete(string path)
    {
        Before?.Invoke("unlink", path);
        PosixDisk.Instance.Delete(path);
    }

    public void SyncDirectory(string directory)
    {
        Before?.Invoke("fsync", directory);
        PosixDisk.Instance.SyncDirectory(directory);
    }

    public long FreeBytes(string directory) => Math.Min(Free, PosixDisk.Instance.FreeBytes(directory));

    public IDisposable Lock(string path) => PosixDisk.Instance.Lock(path);

    private sealed class File(ScriptedDisk disk, IDiskFile inner) : IDiskFile
    {
        private int _closed;

        public string Path => inner.Path;

        public long Length => inner.Length;

        public int Read(long offset, Span<byte> into)
        {
            disk.Before?.Invoke("pread", Path);
            return inner.Read(offset, into);
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            disk.Before?.Invoke("pwrite", Path);
            inner.Write(offset, bytes);
        }

        public void SyncData()
        {
            disk.Before?.Invoke("fdatasync", Path);
            inner.SyncData();
            if (Path.Contains(Log, StringComparison.Ordinal))
                Interlocked.Increment(ref disk._segmentSyncs);
        }

        public void Sync()
        {
            disk.Before?.Invoke("fsync", Path);
            inner.Sync();
        }

        public void SetLength(long bytes) => inner.SetLength(bytes);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
                Interlocked.Decrement(ref disk._openFiles);
            inner.Dispose();
        }
    }
}
