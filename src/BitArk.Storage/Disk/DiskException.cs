namespace BitArk.Storage.Disk;

/// <summary>A call to the file system failed. For a write or a sync this is final: never retry on the same file.</summary>
public sealed class DiskException : IOException
{
    /// <summary>Linux's ENOENT: no such file or directory.</summary>
    public const int Missing = 2;

    /// <summary>Linux's EIO: the device could not read or write those bytes.</summary>
    public const int InputOutput = 5;

    /// <summary>Linux's EACCES: permission denied.</summary>
    public const int AccessDenied = 13;

    /// <summary>Linux's EINVAL: of a sync, that this kind of file has none.</summary>
    public const int InvalidArgument = 22;

    /// <summary>Linux's ENOSPC: no space left on device.</summary>
    public const int NoSpace = 28;

    /// <summary>Linux's EDQUOT: disk quota exceeded.</summary>
    public const int QuotaExceeded = 122;

    private static readonly string[] Unfinished = [".tmp", ".part"];

    /// <summary>Names the call, the path and the kernel's reason.</summary>
    public DiskException(string operation, string path, int errno, string reason)
        : base($"{operation} '{path}' failed: {reason} (errno {errno})")
    {
        Operation = operation;
        FilePath = path;
        Errno = errno;
    }

    /// <summary>The system call, such as <c>fdatasync</c>.</summary>
    public string Operation { get; }

    /// <summary>The file or directory it was made on.</summary>
    public string FilePath { get; }

    /// <summary>The kernel's error number.</summary>
    public int Errno { get; }

    /// <summary>Whether there is no such file.</summary>
    public bool IsMissing => Errno == Missing;

    /// <summary>Whether the device itself failed, and not a limit of this process or machine: reading again gives the same.</summary>
    public bool IsDeviceError => Errno == InputOutput;

    /// <summary>Whether this process may not, or nobody can, make the call on that file; the file itself is well.</summary>
    public bool IsNotForUs => Errno is AccessDenied or InvalidArgument;

    /// <summary>
    /// Whether the process must end: the device failed, or a sync did. What that sync was for may be lost while reads still show it, and the next one
    /// would return 0 over it. A device found full at the sync of an unfinished file is neither: the next try writes it anew, from where an earlier sync
    /// has held.
    /// </summary>
    public bool IsFinal => IsDeviceError || (Operation is "fsync" or "fdatasync" && !(IsDiskFull && Unfinished.Any(suffix => FilePath.EndsWith(suffix, StringComparison.Ordinal))));

    /// <summary>Whether the device or quota is full, which heals when space is freed.</summary>
    public bool IsDiskFull => Errno is NoSpace or QuotaExceeded;
}
