using System.Runtime.InteropServices;

namespace BitArk.Storage.Disk;

/// <summary>
/// The C library's calls, resolved in the running program and not in a library of a given name, so that a shim loaded
/// before libc (a fault injector) sees them too. Read errno with <see cref="Marshal.GetLastSystemError"/> directly after
/// a call, before anything else runs on the thread.
/// </summary>
internal static unsafe class Libc
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int CreateIfMissing = 0x40;
    public const int Truncate = 0x200;
    public const int CloseOnExec = 0x80000;

    public const int SeekEnd = 2;
    public const int LockShared = 1;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;

    public const int NoEntry = 2;
    public const int NotDirectory = 20;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int WouldBlock = 11;
    public const int Exists = 17;

    private static readonly nint Program = NativeLibrary.GetMainProgramHandle();

    public static readonly delegate* unmanaged[Cdecl]<byte*, int, uint, int> Open =
        (delegate* unmanaged[Cdecl]<byte*, int, uint, int>)Export("open");

    public static readonly delegate* unmanaged[Cdecl]<int, int> Close = (delegate* unmanaged[Cdecl]<int, int>)Export("close");

    public static readonly delegate* unmanaged[Cdecl]<int, byte*, nint, long, nint> PRead =
        (delegate* unmanaged[Cdecl]<int, byte*, nint, long, nint>)Export("pread");

    public static readonly delegate* unmanaged[Cdecl]<int, byte*, nint, long, nint> PWrite =
        (delegate* unmanaged[Cdecl]<int, byte*, nint, long, nint>)Export("pwrite");

    public static readonly delegate* unmanaged[Cdecl]<int, int> FDataSync = (delegate* unmanaged[Cdecl]<int, int>)Export("fdatasync");

    public static readonly delegate* unmanaged[Cdecl]<int, int> FSync = (delegate* unmanaged[Cdecl]<int, int>)Export("fsync");

    public static readonly delegate* unmanaged[Cdecl]<int, long, int> FTruncate =
        (delegate* unmanaged[Cdecl]<int, long, int>)Export("ftruncate");

    public static readonly delegate* unmanaged[Cdecl]<int, long, int, long> LSeek =
        (delegate* unmanaged[Cdecl]<int, long, int, long>)Export("lseek");

    public static readonly delegate* unmanaged[Cdecl]<byte*, byte*, int> Rename =
        (delegate* unmanaged[Cdecl]<byte*, byte*, int>)Export("rename");

    public static readonly delegate* unmanaged[Cdecl]<byte*, int> Unlink = (delegate* unmanaged[Cdecl]<byte*, int>)Export("unlink");

    public static readonly delegate* unmanaged[Cdecl]<byte*, int, int> Access =
        (delegate* unmanaged[Cdecl]<byte*, int, int>)Export("access");

    public static readonly delegate* unmanaged[Cdecl]<byte*, uint, int> MkDir =
        (delegate* unmanaged[Cdecl]<byte*, uint, int>)Export("mkdir");

    public static readonly delegate* unmanaged[Cdecl]<int, int, int> FLock =
        (delegate* unmanaged[Cdecl]<int, int, int>)Export("flock");

    private static nint Export(string name) => NativeLibrary.GetExport(Program, name);
}
