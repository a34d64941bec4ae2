using System.Numerics;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>Changes lists that live in slab blocks. A block's size always is its content's, rounded up to the slab's size class: the rounding is the room to grow.</summary>
internal static unsafe class SortedBlock
{
    public static bool FitsInPlace(int oldBytes, int newBytes) => Slab.RoundUp(oldBytes) == Slab.RoundUp(newBytes);

    /// <summary>Applies a splice to the <paramref name="count"/> items behind a header; moves the block when its size class changes. Returns where it is now.</summary>
    public static long Apply<T>(Slab slab, long reference, int headerBytes, int count, Splice splice)
        where T : unmanaged, IBinaryInteger<T>
    {
        int oldBytes = headerBytes + (count * sizeof(T));
        int newBytes = oldBytes + (splice.Growth * sizeof(T));
        byte* source = slab.Resolve(reference, out _);
        if (FitsInPlace(oldBytes, newBytes))
        {
            int offset = headerBytes + (splice.Position * sizeof(T));
            slab.BeforeWrite(reference, offset, Math.Max(oldBytes, newBytes) - offset);
            splice.Apply((T*)(source + headerBytes), count, (T*)(source + headerBytes));
            return reference;
        }

        byte* target = Create(slab, newBytes, out long moved);
        Buffer.MemoryCopy(source, target, headerBytes, headerBytes);
        splice.Apply((T*)(source + headerBytes), count, (T*)(target + headerBytes));
        slab.Free(reference, oldBytes);
        return moved;
    }

    /// <summary>A new block, announced as about to be written whole.</summary>
    public static byte* Create(Slab slab, int bytes, out long reference)
    {
        reference = slab.Allocate(bytes);
        slab.BeforeWrite(reference, 0, bytes);
        return slab.Resolve(reference, out _);
    }

    /// <summary>A block for new content that replaces a block's: the same one when the size class is, else a new one and the old one freed. Read the old content before.</summary>
    public static byte* Recreate(Slab slab, ref long reference, int oldBytes, int newBytes)
    {
        if (reference != 0 && FitsInPlace(oldBytes, newBytes))
        {
            slab.BeforeWrite(reference, 0, newBytes);
            return slab.Resolve(reference, out _);
        }

        byte* block = Create(slab, newBytes, out long created);
        if (reference != 0)
        {
            slab.Free(reference, oldBytes);
        }

        reference = created;
        return block;
    }
}
