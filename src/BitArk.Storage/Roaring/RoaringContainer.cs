using System.Buffers.Binary;
using System.Numerics;

namespace BitArk.Storage.Roaring;

/// <summary>Gathers the members of one container, 2^16 ids, and writes them in the kind that the format asks for.</summary>
internal sealed class RoaringContainer
{
    private readonly ulong[] _bits = new ulong[RoaringFormat.BitmapWords];
    private int _end = -1;

    public int Cardinality { get; private set; }

    private int Runs { get; set; }

    /// <summary>Runs, when they are smaller than the array or bitmap.</summary>
    public bool IsRuns(bool allowed) => allowed && RunBytes < PlainBytes;

    private int RunBytes => sizeof(ushort) + (Runs * 2 * sizeof(ushort));

    private int PlainBytes => Cardinality <= RoaringFormat.MaxArray ? Cardinality * sizeof(ushort) : RoaringFormat.BitmapBytes;

    /// <summary>Bytes that <see cref="Write"/> fills.</summary>
    public int Bytes(bool runs) => IsRuns(runs) ? RunBytes : PlainBytes;

    /// <summary>Adds <paramref name="from"/> … <paramref name="to"/>, above all added before.</summary>
    public void Add(int from, int to)
    {
        Runs += from == _end + 1 && Cardinality > 0 ? 0 : 1;
        Cardinality += to - from + 1;
        _end = to;
        ulong head = ulong.MaxValue << from;
        ulong tail = ulong.MaxValue >> ~to;
        int first = from >> 6;
        int last = to >> 6;
        if (first == last)
        {
            _bits[first] |= head & tail;
            return;
        }

        _bits[first] |= head;
        _bits.AsSpan(first + 1, last - first - 1).Fill(ulong.MaxValue);
        _bits[last] |= tail;
    }

    public void Write(Span<byte> into, bool runs)
    {
        if (IsRuns(runs))
        {
            WriteRuns(into);
        }
        else if (Cardinality <= RoaringFormat.MaxArray)
        {
            WriteArray(into);
        }
        else
        {
            for (int index = 0; index < _bits.Length; index++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(into[(index * sizeof(ulong))..], _bits[index]);
            }
        }
    }

    public void Clear()
    {
        Array.Clear(_bits);
        Cardinality = 0;
        Runs = 0;
        _end = -1;
    }

    private void WriteArray(Span<byte> into)
    {
        int written = 0;
        for (int index = 0; index < _bits.Length; index++)
        {
            for (ulong word = _bits[index]; word != 0; word &= word - 1)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(into[written..], (ushort)((index << 6) + BitOperations.TrailingZeroCount(word)));
                written += sizeof(ushort);
            }
        }
    }

    private void WriteRuns(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(into, (ushort)Runs);
        int written = sizeof(ushort);
        int start = Next(0, member: true);
        while (start < RoaringFormat.ContainerIds)
        {
            int end = Next(start, member: false);
            BinaryPrimitives.WriteUInt16LittleEndian(into[written..], (ushort)start);
            BinaryPrimitives.WriteUInt16LittleEndian(into[(written + sizeof(ushort))..], (ushort)(end - 1 - start));
            written += 2 * sizeof(ushort);
            start = Next(end, member: true);
        }
    }

    private int Next(int from, bool member)
    {
        ulong flip = member ? 0 : ulong.MaxValue;
        for (int index = from >> 6; index < _bits.Length; index++)
        {
            ulong word = _bits[index] ^ flip;
            word &= index == from >> 6 ? ulong.MaxValue << from : ulong.MaxValue;
            if (word != 0)
            {
                return (index << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return RoaringFormat.ContainerIds;
    }
}
