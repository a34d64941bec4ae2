using System.Diagnostics;
using System.Diagnostics.Metrics;
using BitArk.Storage.Disk;

namespace BitArk.Node.Metrics;

/// <summary>
/// A disk that counts and times what goes through it: syncs by the kind of file, for the group commit is one of them, and
/// bytes written. Storage itself needs to know nothing of metrics.
/// </summary>
internal sealed class MeteredDisk : IDisk
{
    private static readonly double[] SecondsBuckets =
        [0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

    private readonly IDisk _disk;
    private readonly Histogram<double> _sync;
    private readonly Counter<long> _written;

    public MeteredDisk(IDisk disk, Meter meter)
    {
        _disk = disk;
        _sync = meter.CreateHistogram(
            "bitark.disk.sync.duration",
            unit: "s",
            description: "Time of each fsync or fdatasync, by kind of file (wal, snapshot, mark, other).",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBuckets });
        _written = meter.CreateCounter<long>("bitark.disk.written", unit: "By", description: "Bytes written, by kind of file.");
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpenMode mode) => new MeteredFile(_disk.Open(path, mode), this, KindOf(path));

    /// <inheritdoc/>
    public bool FileExists(string path) => _disk.FileExists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => _disk.ListFiles(directory);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => _disk.DirectoryExists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string directory) => _disk.CreateDirectory(directory);

    /// <inheritdoc/>
    public void Rename(string from, string to) => _disk.Rename(from, to);

    /// <inheritdoc/>
    public void Delete(string path) => _disk.Delete(path);

    /// <inheritdoc/>
    public void SyncDirectory(string directory) => _disk.SyncDirectory(directory);

    /// <inheritdoc/>
    public long FreeBytes(string directory) => _disk.FreeBytes(directory);

    /// <inheritdoc/>
    public IDisposable Lock(string path) => _disk.Lock(path);

    private void Synced(in KeyValuePair<string, object?> kind, long started) => _sync.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, kind);

    private static string KindOf(string path) => Path.GetExtension(path) switch
    {
        ".wal" => "wal",
        ".snap" => "snapshot",
        ".mark" => "mark",
        ".tmp" => KindOf(Path.ChangeExtension(path, null)),
        _ => "other",
    };

    private sealed class MeteredFile(IDiskFile file, MeteredDisk disk, string kind) : IDiskFile
    {
        private readonly KeyValuePair<string, object?> _kind = new("file", kind);

        public string Path => file.Path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> into) => file.Read(offset, into);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            file.Write(offset, bytes);
            disk._written.Add(bytes.Length, _kind);
        }

        public void SyncData()
        {
            var started = Stopwatch.GetTimestamp();
            file.SyncData();
            disk.Synced(_kind, started);
        }

        public void Sync()
        {
            var started = Stopwatch.GetTimestamp();
            file.Sync();
            disk.Synced(_kind, started);
        }

        public void SetLength(long bytes) => file.SetLength(bytes);

        public void Dispose() => file.Dispose();
    }
}
