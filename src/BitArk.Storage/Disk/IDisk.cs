namespace BitArk.Storage.Disk;

/// <summary>
/// The narrow door between the storage engine and a file system. One implementation talks to the kernel
/// (<c>PosixDisk</c>); tests and the simulator put their own behind it, to lose what was not synced, tear sectors and
/// fail calls. Every failure is a <see cref="DiskException"/>; nothing is retried behind the caller's back.
/// </summary>
public interface IDisk
{
    /// <summary>Opens a file. A created file is durable only after <see cref="IDiskFile.Sync"/> and <see cref="SyncDirectory"/>.</summary>
    IDiskFile Open(string path, DiskOpenMode mode);

    /// <summary>Whether a file exists.</summary>
    /// <exception cref="DiskException">The disk could not tell.</exception>
    bool FileExists(string path);

    /// <summary>The names (not paths) of the files in a directory, in ordinal order; empty when the directory does not exist.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Whether a directory exists.</summary>
    bool DirectoryExists(string path);

    /// <summary>Creates a directory in an existing one; durable only after <see cref="SyncDirectory"/> of that. An existing one is not an error.</summary>
    void CreateDirectory(string directory);

    /// <summary>Renames within one file system, replacing the target; durable only after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; durable only after <see cref="SyncDirectory"/>. A missing file is not an error.</summary>
    void Delete(string path);

    /// <summary>Makes creations, renames and deletions in a directory durable (open + fsync of the directory).</summary>
    void SyncDirectory(string directory);

    /// <summary>Bytes that an unprivileged process may still allocate on the file system of a directory.</summary>
    long FreeBytes(string directory);

    /// <summary>Takes the exclusive lock of a file (created if missing), held until disposed or the process ends.</summary>
    /// <exception cref="DiskException">Another process holds it.</exception>
    IDisposable Lock(string path);
}

/// <summary>How a file is opened.</summary>
public enum DiskOpenMode
{
    /// <summary>An existing file, for reading.</summary>
    Read,

    /// <summary>An existing file, for reading and writing.</summary>
    ReadWrite,

    /// <summary>A new file, for reading and writing; an existing one is truncated.</summary>
    Create,
}

/// <summary>One open file. Positions are explicit; there is no cursor. Not safe for concurrent writers; reads and syncs may run beside a writer.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>The path, for messages.</summary>
    string Path { get; }

    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads until <paramref name="into"/> is full or the file ends; returns the bytes read.</summary>
    int Read(long offset, Span<byte> into);

    /// <summary>Writes all bytes, continuing after short writes; a write that cannot be completed throws.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>fdatasync. Any result but zero throws, and is final: the page cache may already have dropped the data.</summary>
    void SyncData();

    /// <summary>fsync: data and all metadata.</summary>
    void Sync();

    /// <summary>Sets the length (ftruncate).</summary>
    void SetLength(long bytes);
}
