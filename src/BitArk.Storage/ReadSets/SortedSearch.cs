using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// Binary search without branches down to two cache lines, which are then counted with vectors. Works on any content:
/// unsorted items (a block being rewritten under a reader) give a wrong answer between 0 and the count, nothing worse.
/// </summary>
internal static unsafe class SortedSearch
{
    private const int LinearBytes = 128;
    private const int GuessSlack = 32;

    /// <summary>How many of the ascending items are below <paramref name="value"/>.</summary>
    public static int CountBelow<T>(T* items, int count, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        T* start = items;
        int linear = LinearBytes / sizeof(T);
        while (count > linear)
        {
            int half = count >> 1;
            start += start[half - 1] < value ? half : 0;
            count -= half;
        }

        return (int)(start - items) + CountBelowLinear(start, count, value);
    }

    /// <summary>The same, looking first around a position where evenly spread items would have it: one trip to memory instead of several.</summary>
    public static int CountBelow<T>(T* items, int count, T value, int guess)
        where T : unmanaged, IBinaryInteger<T>
    {
        int low = Math.Max(guess - GuessSlack, 0);
        int high = Math.Min(guess + GuessSlack, count);
        if (low > high)
        {
            return CountBelow(items, count, value);
        }

        if (low > 0 && items[low - 1] >= value)
        {
            return CountBelow(items, low - 1, value);
        }

        if (high < count && items[high] < value)
        {
            return high + 1 + CountBelow(items + high + 1, count - high - 1, value);
        }

        return low + CountBelowLinear(items + low, high - low, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountBelowLinear<T>(T* items, int count, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        int below = 0;
        int index = 0;
        if (Vector256.IsHardwareAccelerated && count >= Vector256<T>.Count)
        {
            // A comparison that holds is all ones, minus one: subtracting counts.
            Vector256<T> wanted = Vector256.Create(value);
            Vector256<T> counts = Vector256<T>.Zero;
            for (; index <= count - Vector256<T>.Count; index += Vector256<T>.Count)
            {
                counts -= Vector256.LessThan(Vector256.Load(items + index), wanted);
            }

            below = int.CreateTruncating(Vector256.Sum(counts));
        }

        for (; index < count; index++)
        {
            below += items[index] < value ? 1 : 0;
        }

        return below;
    }
}
