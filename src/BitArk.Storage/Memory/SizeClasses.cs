using System.Numerics;

namespace BitArk.Storage.Memory;

/// <summary>
/// The sizes a <see cref="Slab"/> rounds requests up to: every 8 bytes up to 256, then 8 steps per power of two up to
/// 64 KiB (at most 12.5 % waste), then multiples of 4 KiB that stand alone.
/// </summary>
internal static class SizeClasses
{
    /// <summary>The largest size that shares a span with others of its kind.</summary>
    public const int MaxSharedBytes = 64 << 10;

    /// <summary>How many shared classes there are: 32 up to 256, then 8 for each of the 8 doublings.</summary>
    public const int Count = 32 + (8 * 8);

    private const int FineLimit = 256;

    private static readonly int[] Sizes = [.. Enumerable.Range(0, Count).Select(Compute)];

    /// <summary>The class of a request of 1 … <see cref="MaxSharedBytes"/> bytes.</summary>
    public static int IndexOf(int bytes)
    {
        if (bytes <= FineLimit)
        {
            return (bytes - 1) >> 3;
        }

        // 257 … 512 is the first doubling; its step is 32.
        var log = BitOperations.Log2((uint)(bytes - 1));
        var step = log - 3;
        return 32 + ((log - 8) * 8) + (((bytes - 1) >> step) & 7);
    }

    /// <summary>The bytes of one block of a class.</summary>
    public static int SizeOf(int sizeClass) => Sizes[sizeClass];

    /// <summary>The bytes a request really gets.</summary>
    public static int RoundUp(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Slab.MaxBlockBytes);
        return bytes <= MaxSharedBytes ? SizeOf(IndexOf(bytes)) : (bytes + Mmap.PageBytes - 1) & -Mmap.PageBytes;
    }

    private static int Compute(int sizeClass)
    {
        if (sizeClass < 32)
        {
            return (sizeClass + 1) * 8;
        }

        var log = 8 + ((sizeClass - 32) >> 3);
        return (1 << log) + ((((sizeClass - 32) & 7) + 1) << (log - 3));
    }
}
