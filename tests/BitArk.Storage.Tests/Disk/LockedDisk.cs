using BitArk.Storage.Disk;

namespace BitArk.Storage.Tests.Disk;

/// <summary>Lets several threads use a disk that is made for one.</summary>
public sealed class LockedDisk(IDisk inner) : IDisk
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpenMode mode) => Locked(() => new LockedFile(this, inner.Open(path, mode)));

    /// <inheritdoc/>
    public bool FileExists(string path) => Locked(() => inner.FileExists(path));

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Locked(() => inner.DirectoryExists(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => Locked(() => inner.ListFiles(directory));

    /// <inheritdoc/>
    public void CreateDirectory(string directory) => Locked(() => inner.CreateDirectory(directory));

    /// <inheritdoc/>
    public void Rename(string from, string to) => Locked(() => inner.Rename(from, to));

    /// <inheritdoc/>
    public void Delete(string path) => Locked(() => inner.Delete(path));

    /// <inheritdoc/>
    public void SyncDirectory(string directory) => Locked(() => inner.SyncDirectory(directory));

    /// <inheritdoc/>
    public long FreeBytes(string directory) => Locked(() => inner.FreeBytes(directory));

    /// <inheritdoc/>
    public IDisposable Lock(string path) => Locked(() => inner.Lock(path));

    private void Locked(Action call)
    {
        lock (_gate)
            call();
    }

    private T Locked<T>(Func<T> call)
    {
        lock (_gate)
            return call();
    }

    private sealed class LockedFile(LockedDisk disk, IDiskFile file) : IDiskFile
    {
        public string Path => file.Path;

        public long Length => disk.Locked(() => file.Length);

        public int Read(long offset, Span<byte> into)
        {
            lock (disk._gate)
                return file.Read(offset, into);
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (disk._gate)
                file.Write(offset, bytes);
        }

        public void SyncData() => disk.Locked(file.SyncData);

        public void Sync() => disk.Locked(file.Sync);

        public void SetLength(long bytes) => disk.Locked(() => file.SetLength(bytes));

        public void Dispose() => disk.Locked(file.Dispose);
    }
}
