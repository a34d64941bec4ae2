using System.Runtime.InteropServices;

namespace BitArk.Storage.Disk;

/// <summary>Turns the kernel's error numbers into <see cref="DiskException"/>.</summary>
internal static class PosixError
{
    public static DiskException Last(string operation, string path) => Of(operation, path, Marshal.GetLastSystemError());

    public static DiskException Of(string operation, string path, int errno) =>
        new(operation, path, errno, Marshal.GetPInvokeErrorMessage(errno));
}
