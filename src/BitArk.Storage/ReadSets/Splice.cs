using System.Numerics;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// One change of an ascending list: at <see cref="Position"/>, <see cref="Removed"/> items make way for
/// <see cref="Inserted"/> others. Adding or removing one id is at most two neighbouring items in any list form.
/// </summary>
internal readonly record struct Splice(int Position, int Removed, int Inserted, ulong First, ulong Second)
{
    public int Growth => Inserted - Removed;

    /// <summary>Lists the offset when it is not listed, and the reverse: adds and removes a value, or a hole.</summary>
    public static Splice ToggleItem<T>(OffsetList<T> list, ulong offset)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int position = list.CountBelow(offset);
        return IsAt(list, position, offset) ? new Splice(position, 1, 0, 0, 0) : new Splice(position, 0, 1, offset, 0);
    }

    /// <summary>Flips the membership of one offset in a list of bounds: both its edges are toggled, the edge at <paramref name="universe"/> is implied.</summary>
    public static Splice ToggleEdges<T>(OffsetList<T> list, ulong offset, ulong universe)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (offset + 1 == universe)
        {
            return ToggleItem(list, offset);
        }

        int position = list.CountBelow(offset);
        if (IsAt(list, position, offset))
        {
            return IsAt(list, position + 1, offset + 1)
                ? new Splice(position, 2, 0, 0, 0)
                : new Splice(position, 1, 1, offset + 1, 0);
        }

        return IsAt(list, position, offset + 1)
            ? new Splice(position, 1, 1, offset, 0)
            : new Splice(position, 0, 2, offset, offset + 1);
    }

    /// <summary>Writes the changed items; <paramref name="target"/> may be <paramref name="source"/> and needs room for them only.</summary>
    public unsafe void Apply<T>(T* source, int count, T* target)
        where T : unmanaged, IBinaryInteger<T>
    {
        int tail = (count - Position - Removed) * sizeof(T);
        Buffer.MemoryCopy(source + Position + Removed, target + Position + Inserted, tail, tail);
        if (target != source)
        {
            Buffer.MemoryCopy(source, target, Position * sizeof(T), Position * sizeof(T));
        }

        if (Inserted > 0)
        {
            target[Position] = T.CreateTruncating(First);
        }

        if (Inserted > 1)
        {
            target[Position + 1] = T.CreateTruncating(Second);
        }
    }

    private static bool IsAt<T>(OffsetList<T> list, int index, ulong offset)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => index < list.Items && list[index] == offset;
}
