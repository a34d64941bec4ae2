using System.Numerics;
using System.Runtime.CompilerServices;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// Reads a set of offsets 0 … <c>end - 1</c> kept as one ascending list of <typeparamref name="T"/>: its members, the
/// offsets missing from it, or the bounds of its runs (an odd number of bounds: the last run goes on to the end). The
/// small forms and the list containers of a directory are both this. Any content is safe to read; see <see cref="SortedSearch"/>.
/// </summary>
internal readonly unsafe struct OffsetList<T>(SetForm form, T* items, int count, ulong end)
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <summary>Lists from this size on are searched around a guessed position first.</summary>
    private const int GuessFromItems = 256;

    public SetForm Form => form;

    public int Items => count;

    public ulong End => end;

    public ulong this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ulong.CreateTruncating(items[index]);
    }

    public bool Contains(ulong offset)
    {
        int below = CountBelow(offset);
        bool listed = below < count && this[below] == offset;
        return form switch
        {
            SetForm.Values => listed,
            SetForm.Holes => offset < end && !listed,
            _ => ((below + (listed ? 1 : 0)) & 1) != 0,
        };
    }

    /// <summary>Members from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public long Count(ulong from, ulong to)
    {
        if (form == SetForm.Bounds)
        {
            return CoveredBelow(to) - CoveredBelow(from);
        }

        if (form == SetForm.Holes)
        {
            to = Math.Min(to, end);
            return from >= to ? 0 : (long)(to - from) - (CountBelow(to) - CountBelow(from));
        }

        return CountBelow(to) - CountBelow(from);
    }

    /// <summary>The first offset at or after <paramref name="from"/> that is no member.</summary>
    public ulong NextUnset(ulong from)
    {
        int index = CountBelow(from);
        switch (form)
        {
            case SetForm.Values:
                for (; index < count && this[index] == from; index++)
                {
                    from++;
                }

                return from;
            case SetForm.Holes:
                return from >= end || index >= count ? Math.Max(from, end) : this[index];
            default:
                index += index < count && this[index] == from ? 1 : 0;
                return (index & 1) == 0 ? from : index < count ? this[index] : end;
        }
    }

    /// <summary>How many items are below an offset.</summary>
    public int CountBelow(ulong offset)
    {
        if (offset > ulong.CreateTruncating(T.MaxValue))
        {
            return count;
        }

        T value = T.CreateTruncating(offset);
        if (sizeof(T) == sizeof(ushort) && count >= GuessFromItems)
        {
            return SortedSearch.CountBelow(items, count, value, (int)((offset * (ulong)count) >> 16));
        }

        return SortedSearch.CountBelow(items, count, value);
    }

    private long CoveredBelow(ulong offset)
    {
        int below = CountBelow(offset);
        ulong covered = 0;
        for (int index = 0; index + 1 < below; index += 2)
        {
            covered += this[index + 1] - this[index];
        }

        return (long)((below & 1) == 0 ? covered : covered + offset - this[below - 1]);
    }
}
