using System.Buffers.Binary;
using System.Numerics;

namespace BitArk.Cli.IntegerSets;

/// <summary>
/// Decodes the portable 64-bit Roaring format (RoaringFormatSpec) into ranges, to compare what a node exports with what was
/// loaded. Written apart from the node's encoder on purpose: two readings of one specification.
/// </summary>
internal ref struct PortableRoaring
{
    private const int CookieWithoutRuns = 12346;
    private const int CookieWithRuns = 12347;
    private const int OffsetsFrom = 4;
    private const int LargestArray = 4096;
    private const int BitmapBytes = 8192;
    private readonly List<MessageRange> _ranges;
    private ReadOnlySpan<byte> _rest;

    private PortableRoaring(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
        _ranges = [];
    }

    /// <summary>The ranges of a whole file, ascending and merged.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static IReadOnlyList<MessageRange> Decode(ReadOnlySpan<byte> bytes)
    {
        var decoder = new PortableRoaring(bytes);
        decoder.Buckets();
        return decoder._rest.IsEmpty ? decoder._ranges : throw new FormatException($"{decoder._rest.Length} bytes behind the last bucket");
    }

    private void Buckets()
    {
        var count = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
        for (ulong i = 0; i < count; i++)
        {
            var high = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
            Bitmap((long)high << 32);
        }
    }

    private void Bitmap(long high)
    {
        var cookie = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
        var hasRuns = (cookie & ushort.MaxValue) == CookieWithRuns;
        if (!hasRuns && cookie != CookieWithoutRuns)
        {
            throw new FormatException($"cookie {cookie}");
        }

        var count = hasRuns ? (int)(cookie >> 16) + 1 : checked((int)BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint))));
        var isRun = hasRuns ? Take((count + 7) / 8) : default;
        var keys = Take(count * 4);
        if (!hasRuns || count >= OffsetsFrom)
        {
            Take(count * sizeof(uint));
        }

        for (var i = 0; i < count; i++)
        {
            var from = high | ((long)BinaryPrimitives.ReadUInt16LittleEndian(keys[(4 * i)..]) << 16);
            var cardinality = BinaryPrimitives.ReadUInt16LittleEndian(keys[((4 * i) + 2)..]) + 1;
            Container(from, cardinality, hasRuns && (isRun[i / 8] & (1 << (i % 8))) != 0);
        }
    }

    private void Container(long from, int cardinality, bool isRuns)
    {
        if (isRuns)
        {
            Runs(from, Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort))) * 4));
        }
        else if (cardinality <= LargestArray)
        {
            Array(from, Take(cardinality * sizeof(ushort)));
        }
        else
        {
            Bits(from, Take(BitmapBytes));
        }
    }

    private readonly void Runs(long from, ReadOnlySpan<byte> runs)
    {
        for (; !runs.IsEmpty; runs = runs[4..])
        {
            var start = from + BinaryPrimitives.ReadUInt16LittleEndian(runs);
            Add(start, start + BinaryPrimitives.ReadUInt16LittleEndian(runs[2..]));
        }
    }

    private readonly void Array(long from, ReadOnlySpan<byte> values)
    {
        for (; !values.IsEmpty; values = values[sizeof(ushort)..])
        {
            var id = from + BinaryPrimitives.ReadUInt16LittleEndian(values);
            Add(id, id);
        }
    }

    private readonly void Bits(long from, ReadOnlySpan<byte> bits)
    {
        for (var word = 0; word < BitmapBytes / sizeof(ulong); word++)
        {
            for (var rest = BinaryPrimitives.ReadUInt64LittleEndian(bits[(word * sizeof(ulong))..]); rest != 0; rest &= rest - 1)
            {
                var id = from + (64 * word) + BitOperations.TrailingZeroCount(rest);
                Add(id, id);
            }
        }
    }

    private readonly void Add(long from, long to)
    {
        if (_ranges.Count > 0 && from <= _ranges[^1].To)
        {
            throw new FormatException($"id {from} is not above the one before it");
        }

        if (_ranges.Count > 0 && from == _ranges[^1].To + 1)
        {
            _ranges[^1] = _ranges[^1] with { To = to };
        }
        else
        {
            _ranges.Add(new MessageRange(from, to));
        }
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes < 0 || bytes > _rest.Length)
        {
            throw new FormatException("it ends too early");
        }

        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
