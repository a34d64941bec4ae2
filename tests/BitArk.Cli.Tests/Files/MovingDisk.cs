using BitArk.Storage.Disk;

namespace BitArk.Cli.Tests.Files;

/// <summary>The real disk, on which something happens in between.</summary>
internal sealed class MovingDisk(Action<string> beforeListing) : IDisk
{
    private readonly PosixDisk _disk = PosixDisk.Instance;

    public IDiskFile Open(string path, DiskOpenMode mode) => _disk.Open(path, mode);

    public bool FileExists(string path) => _disk.FileExists(path);

    public IReadOnlyList<string> ListFiles(string directory)
    {
        beforeListing(directory);
        return _disk.ListFiles(directory);
    }

    public bool DirectoryExists(string path) => _disk.DirectoryExists(path);

    public void CreateDirectory(string directory) => throw new NotSupportedException();

    public void Rename(string from, string to) => throw new NotSupportedException();

    public void Delete(string path) => throw new NotSupportedException();

    public void SyncDirectory(string directory) => throw new NotSupportedException();

    public long FreeBytes(string directory) => throw new NotSupportedException();

    public IDisposable Lock(string path) => throw new NotSupportedException();
}
