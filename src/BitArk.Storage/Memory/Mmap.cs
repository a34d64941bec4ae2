using System.Runtime.InteropServices;

namespace BitArk.Storage.Memory;

/// <summary>
/// Anonymous memory straight from the kernel: pages appear when they are first written, go back with
/// <see cref="Discard"/> while their addresses stay readable (as zeros), and the garbage collector never sees them.
/// </summary>
internal static unsafe partial class Mmap
{
    /// <summary>The smallest unit the kernel gives and takes.</summary>
    public const int PageBytes = 4096;

    /// <summary>One huge page: the step in which an advised range becomes resident.</summary>
    public const int HugePageBytes = 2 << 20;

    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int AdviceDontNeed = 4;
    private const int AdviceHugePage = 14;

    /// <summary>Maps <paramref name="bytes"/> of zeros that cost nothing until touched.</summary>
    public static byte* Map(long bytes)
    {
        var address = MapPages(null, (nuint)bytes, ReadWrite, PrivateAnonymousNoReserve, -1, 0);
        if (address == (void*)-1)
        {
            throw new InsufficientMemoryException($"mmap of {bytes} bytes failed, errno {Marshal.GetLastPInvokeError()}: raise vm.max_map_count or the address space limit (ulimit -v).");
        }

        return (byte*)address;
    }

    /// <summary>Maps a range that begins at a multiple of <paramref name="alignment"/> (a power of two).</summary>
    public static byte* MapAligned(long bytes, long alignment)
    {
        var raw = Map(bytes + alignment);
        var aligned = (byte*)(((nuint)raw + (nuint)alignment - 1) & ~((nuint)alignment - 1));
        if (aligned != raw)
        {
            Unmap(raw, aligned - raw);
        }

        Unmap(aligned + bytes, raw + alignment - aligned);
        return aligned;
    }

    /// <summary>Gives a range back for good. Nobody may touch it again.</summary>
    public static void Unmap(byte* address, long bytes)
    {
        if (bytes > 0 && UnmapPages(address, (nuint)bytes) != 0)
        {
            throw new InvalidOperationException($"munmap failed, errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Gives the memory of a range back; its addresses stay valid and read as zeros from now on.</summary>
    public static void Discard(byte* address, long bytes)
    {
        if (Advise(address, (nuint)bytes, AdviceDontNeed) != 0)
        {
            throw new InvalidOperationException($"madvise(MADV_DONTNEED) failed, errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Asks for huge pages, which halve the cost of a random access. Only a wish: kernels without them say no, and that is fine.</summary>
    public static void PreferHugePages(byte* address, long bytes) => _ = Advise(address, (nuint)bytes, AdviceHugePage);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* MapPages(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int UnmapPages(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(void* address, nuint length, int advice);
}
