using System.Text;

namespace BitArk.Storage.Disk;

/// <summary>Paths as the kernel takes them: UTF-8, zero-terminated.</summary>
internal static class PosixPath
{
    public static byte[] ToBytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }
}
