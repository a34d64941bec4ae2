using System.Diagnostics;
using BitArk.Storage.Disk;

namespace BitArk.Benchmarks.Engine;

/// <summary>
/// The machine's disk, and when a directory was last made durable. A snapshot's writer does that once, between writing and reading back, so its
/// one call can be told apart into the two.
/// </summary>
internal sealed class WatchedDisk : IDisk
{
    private readonly PosixDisk _disk = PosixDisk.Instance;

    /// <summary>A <see cref="Stopwatch"/> timestamp: the end of the last <see cref="SyncDirectory"/>.</summary>
    public long DirectorySyncedAt { get; private set; }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpenMode mode) => _disk.Open(path, mode);

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
    public void SyncDirectory(string directory)
    {
        _disk.SyncDirectory(directory);
        DirectorySyncedAt = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory) => _disk.FreeBytes(directory);

    /// <inheritdoc/>
    public IDisposable Lock(string path) => _disk.Lock(path);
}
