using BitArk.Storage.Disk;

namespace BitArk.Storage.Tests.Disk;

/// <summary>Writes and syncs cost nothing and allocate nothing, so that a test measures the code above the disk alone.</summary>
public sealed class NullDisk(IDisk inner) : IDisk
{
    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpenMode mode) =>
        mode == DiskOpenMode.ReadWrite ? new NullFile(inner.Open(path, mode)) : inner.Open(path, mode);

    /// <inheritdoc/>
    public bool FileExists(string path) => inner.FileExists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string directory) => inner.CreateDirectory(directory);

    /// <inheritdoc/>
    public void Rename(string from, string to) => inner.Rename(from, to);

    /// <inheritdoc/>
    public void Delete(string path) => inner.Delete(path);

    /// <inheritdoc/>
    public void SyncDirectory(string directory) => inner.SyncDirectory(directory);

    /// <inheritdoc/>
    public long FreeBytes(string directory) => inner.FreeBytes(directory);

    /// <inheritdoc/>
    public IDisposable Lock(string path) => inner.Lock(path);

    private sealed class NullFile(IDiskFile file) : IDiskFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> into) => file.Read(offset, into);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
        }

        public void SyncData()
        {
        }

        public void Sync()
        {
        }

        public void SetLength(long bytes)
        {
        }

        public void Dispose() => file.Dispose();
    }
}
