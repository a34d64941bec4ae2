using System.Numerics;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>Turns a few ranges into the smallest word and block: nothing, a cursor, one of the list forms, or a directory when a list would be too large.</summary>
internal static unsafe class ListEncoder
{
    /// <summary>Writes <paramref name="ranges"/> in place of the set <paramref name="old"/> (any form but a directory), whose block is reused or freed.</summary>
    public static ulong Encode(Slab slab, ulong old, ReadOnlySpan<MessageRange> ranges)
    {
        if (ranges.Length == 0 || (ranges.Length == 1 && ranges[0].From == 1))
        {
            Free(slab, old);
            return ranges.Length == 0 ? SetWord.Empty : SetWord.Cursor(ranges[0].To);
        }

        Plan plan = Choose(ranges);
        if (plan.Bytes > ListForm.MaxBytes)
        {
            Free(slab, old);
            return DirectoryBuilder.Build(slab, ranges);
        }

        bool hadBlock = !SetWord.IsCursor(old);
        long reference = hadBlock ? SetWord.Reference(old) : 0;
        byte* block = SortedBlock.Recreate(slab, ref reference, hadBlock ? ListEditor.BlockBytes(old) : 0, plan.Bytes);
        if (!SetWord.IsKnownOrigin(plan.Origin))
        {
            *(long*)block = plan.Origin;
            block += sizeof(long);
        }

        switch (plan.Width)
        {
            case ItemWidth.Two:
                Write((ushort*)block, plan, ranges);
                break;
            case ItemWidth.Four:
                Write((uint*)block, plan, ranges);
                break;
            default:
                Write((ulong*)block, plan, ranges);
                break;
        }

        return SetWord.List(plan.Form, plan.Width, plan.Origin, plan.Items, reference);
    }

    /// <summary>Frees the block of a list form; a cursor and the empty set have none.</summary>
    public static void Free(Slab slab, ulong word)
    {
        if (!SetWord.IsCursor(word))
        {
            slab.Free(SetWord.Reference(word), ListEditor.BlockBytes(word));
        }
    }

    private static Plan Choose(ReadOnlySpan<MessageRange> ranges)
    {
        long first = ranges[0].From;
        long last = ranges[^1].To;
        long members = 0;
        foreach (MessageRange range in ranges)
        {
            members += range.Count;
        }

        Plan values = new(SetForm.Values, members, AlignedOrigin(first, last), last);
        Plan holes = new(SetForm.Holes, last - first + 1 - members + 1, first, last + 1);
        Plan bounds = new(SetForm.Bounds, 2 * ranges.Length, AlignedOrigin(first, last + 1), last + 1);
        Plan best = values.Bytes <= bounds.Bytes ? values : bounds;
        return holes.Bytes < best.Bytes ? holes : best;
    }

    /// <summary>The lowest origin that costs no wider items: ids that come later may be lower than all there are.</summary>
    private static long AlignedOrigin(long first, long highest)
    {
        long within16 = first & ~0xFFFFL;
        long within32 = first & ~0xFFFF_FFFFL;
        return highest - within16 <= ushort.MaxValue ? within16
            : highest - first <= ushort.MaxValue ? first
            : highest - within32 <= uint.MaxValue ? within32
            : highest - first <= uint.MaxValue ? first
            : 0;
    }

    private static void Write<T>(T* items, Plan plan, ReadOnlySpan<MessageRange> ranges)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (MessageRange range in ranges)
        {
            switch (plan.Form)
            {
                case SetForm.Values:
                    for (long id = range.From; id <= range.To; id++)
                    {
                        *items++ = T.CreateTruncating(id - plan.Origin);
                    }

                    break;
                case SetForm.Bounds:
                    *items++ = T.CreateTruncating(range.From - plan.Origin);
                    *items++ = T.CreateTruncating(range.To + 1 - plan.Origin);
                    break;
                default:
                    break;
            }
        }

        if (plan.Form == SetForm.Holes)
        {
            for (int index = 1; index < ranges.Length; index++)
            {
                for (long id = ranges[index - 1].To + 1; id < ranges[index].From; id++)
                {
                    *items++ = T.CreateTruncating(id - plan.Origin);
                }
            }

            *items = T.CreateTruncating(ranges[^1].To + 1 - plan.Origin);
        }
    }

    /// <summary>One way to write the set. Sizes are saturated: an id span may be all of 2^63.</summary>
    private readonly struct Plan(SetForm form, long items, long origin, long highest)
    {
        public SetForm Form => form;

        public long Origin => origin;

        public int Items => (int)Math.Clamp(items, 0, 1 << 16);

        public ItemWidth Width =>
            highest - origin <= ushort.MaxValue ? ItemWidth.Two
            : highest - origin <= uint.MaxValue ? ItemWidth.Four
            : ItemWidth.Eight;

        public int Bytes => (SetWord.IsKnownOrigin(origin) ? 0 : sizeof(long)) + (Items << ((int)Width + 1));
    }
}
