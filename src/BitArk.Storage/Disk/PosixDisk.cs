using System.Runtime.InteropServices;

namespace BitArk.Storage.Disk;

/// <summary>The file system of this machine, through the C library's calls. Safe for concurrent use.</summary>
public sealed unsafe class PosixDisk : IDisk
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly PosixDisk Instance = new();

    private PosixDisk()
    {
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpenMode mode) => PosixFile.Open(path, mode switch
    {
        DiskOpenMode.Read => Libc.ReadOnly,
        DiskOpenMode.ReadWrite => Libc.ReadWrite,
        DiskOpenMode.Create => Libc.ReadWrite | Libc.CreateIfMissing | Libc.Truncate,
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    });

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path) || RequireMissing(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory)
    {
        if (!DirectoryExists(directory))
            return [];
        var names = Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).ToList();
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path) || RequireMissing(path);

    // The framework says "no" also when the disk could not tell. A mark whose presence is its meaning must not be overlooked. False: it is
    // not there, or is of another kind.
    private static bool RequireMissing(string path)
    {
        fixed (byte* name = PosixPath.ToBytes(path))
        {
            if (Libc.Access(name, 0) == 0)
                return false;
            var errno = Marshal.GetLastSystemError();
            if (errno is not (Libc.NoEntry or Libc.NotDirectory))
                throw PosixError.Of("access", path, errno);
        }

        return false;
    }

    /// <inheritdoc/>
    public void CreateDirectory(string directory)
    {
        const uint ownerOnlyGroupReads = 0x1E8; // 0750
        fixed (byte* name = PosixPath.ToBytes(directory))
        {
            if (Libc.MkDir(name, ownerOnlyGroupReads) == 0)
                return;
            var errno = Marshal.GetLastSystemError();
            if (errno != Libc.Exists)
                throw PosixError.Of("mkdir", directory, errno);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        fixed (byte* source = PosixPath.ToBytes(from), target = PosixPath.ToBytes(to))
        {
            if (Libc.Rename(source, target) != 0)
                throw PosixError.Last("rename", from);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        fixed (byte* name = PosixPath.ToBytes(path))
        {
            if (Libc.Unlink(name) == 0)
                return;
            var errno = Marshal.GetLastSystemError();
            if (errno != Libc.NoEntry)
                throw PosixError.Of("unlink", path, errno);
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        using var file = PosixFile.Open(directory, Libc.ReadOnly);
        file.Sync();
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory) => new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;

    /// <summary>
    /// Whether a process holds the lock of a file. Changes nothing; for the moment of the look a process that wants the lock is refused.
    /// </summary>
    /// <exception cref="DiskException">The file is there and cannot be read.</exception>
    public bool IsLocked(string path)
    {
        if (!FileExists(path))
            return false;
        using var file = PosixFile.Open(path, Libc.ReadOnly);
        while (Libc.FLock(file.Descriptor, Libc.LockShared | Libc.LockNonBlocking) != 0)
        {
            var errno = Marshal.GetLastSystemError();
            if (errno == Libc.WouldBlock)
                return true;
            if (errno != Libc.Interrupted)
                throw PosixError.Of("flock", path, errno);
        }

        return false;
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        var file = PosixFile.Open(path, Libc.ReadWrite | Libc.CreateIfMissing);
        while (Libc.FLock(file.Descriptor, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
        {
            var errno = Marshal.GetLastSystemError();
            if (errno == Libc.Interrupted)
                continue;
            file.Dispose();
            throw errno == Libc.WouldBlock
                ? new DiskException("flock", path, errno, "another process holds the lock")
                : PosixError.Of("flock", path, errno);
        }

        return file;
    }
}
