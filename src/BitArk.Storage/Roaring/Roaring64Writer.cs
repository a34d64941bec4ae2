using System.Buffers;
using System.Buffers.Binary;

namespace BitArk.Storage.Roaring;

/// <summary>
/// Writes the portable 64-bit form of a set that arrives as ascending ranges, in as many calls as the caller likes. Run
/// containers are used where they are smaller. Memory is the output's, bounded by <paramref name="maxBytes"/>.
/// </summary>
/// <param name="maxBytes">The most bytes the result may have.</param>
/// <param name="runs">Whether run containers may be used; without, any reader of the format's first version understands the result.</param>
public sealed class Roaring64Writer(int maxBytes, bool runs = true)
{
    private const int CountBytes = sizeof(ulong);

    private readonly ArrayBufferWriter<byte> _output = Begin();
    private readonly Roaring32Writer _bucket = new(runs);
    private ulong _buckets;
    private uint _high;
    private long _next;

    /// <summary>Adds a range; it has to lie above all ranges added before.</summary>
    /// <exception cref="ArgumentException">The range does not lie above the last one, or is no range of ids.</exception>
    /// <exception cref="RoaringTooLargeException">The result would exceed its limit.</exception>
    public void Add(MessageRange range)
    {
        if (range.From < _next || range.To < range.From || range.To > Ids.Max)
        {
            throw new ArgumentException($"{range} does not lie above the ranges before it.", nameof(range));
        }

        // Told at once, and not after writing all that fits.
        if ((range.To - range.From) / RoaringFormat.ContainerIds * RoaringFormat.MinContainerBytes > maxBytes)
        {
            throw new RoaringTooLargeException(maxBytes);
        }

        for (long from = range.From; from <= range.To;)
        {
            long to = Math.Min(range.To, from | (RoaringFormat.ContainerIds - 1));
            AddWithinContainer(from, to);
            from = to + 1;
        }

        _next = range.To + 1;
    }

    /// <summary>The bytes. The writer is of no further use.</summary>
    public byte[] Complete()
    {
        FinishBucket();
        byte[] bytes = _output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _buckets);
        return bytes;
    }

    private static ArrayBufferWriter<byte> Begin()
    {
        ArrayBufferWriter<byte> output = new();
        output.Write(stackalloc byte[CountBytes]);
        return output;
    }

    private void AddWithinContainer(long from, long to)
    {
        uint high = (uint)(from >> 32);
        if (high != _high)
        {
            FinishBucket();
            _high = high;
        }

        _bucket.Add((uint)from, (uint)to);
        RequireRoom(_bucket.Bytes);
    }

    private void FinishBucket()
    {
        if (_bucket.IsEmpty)
        {
            return;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_output.GetSpan(sizeof(uint)), _high);
        _output.Advance(sizeof(uint));
        _bucket.Complete(_output);
        _buckets++;
        RequireRoom(0);
    }

    private void RequireRoom(long more)
    {
        if (_output.WrittenCount + more > maxBytes)
        {
            throw new RoaringTooLargeException(maxBytes);
        }
    }
}
