using System.Buffers.Binary;

namespace BitArk.Storage.Memory;

/// <summary>
/// A pooled buffer of at most 64 KiB full of items: copied pieces of native regions. Item: <c>region u32 | length u32 |
/// offset u64 | bytes</c>, little endian.
/// </summary>
public sealed unsafe class CaptureBlock
{
    /// <summary>The largest payload.</summary>
    public const int MaxPayloadBytes = 64 << 10;

    /// <summary>Bytes before the bytes of an item.</summary>
    public const int ItemHeaderBytes = 16;

    private readonly CaptureMemory _memory;
    private readonly int _index;

    internal CaptureBlock(CaptureMemory memory, int index)
    {
        _memory = memory;
        _index = index;
    }

    /// <summary>The items. Valid until the block is returned.</summary>
    public ReadOnlySpan<byte> Payload => Buffer[..Length];

    internal int Length { get; private set; }

    /// <summary>Of <see cref="Length"/>, what was copied; the rest says where it belongs.</summary>
    internal int CopiedBytes { get; private set; }

    internal int Room => MaxPayloadBytes - Length;

    private Span<byte> Buffer => new(_memory.Address + ((long)_index * MaxPayloadBytes), MaxPayloadBytes);

    /// <summary>Reads the next item of a payload and moves past it; false when the rest is not an item.</summary>
    public static bool TryReadItem(ref ReadOnlySpan<byte> payload, out int region, out long offset, out ReadOnlySpan<byte> bytes)
    {
        region = 0;
        offset = 0;
        bytes = default;
        if (payload.Length < ItemHeaderBytes)
        {
            return false;
        }

        region = BinaryPrimitives.ReadInt32LittleEndian(payload);
        var length = BinaryPrimitives.ReadInt32LittleEndian(payload[4..]);
        offset = BinaryPrimitives.ReadInt64LittleEndian(payload[8..]);
        if (region < 0 || offset < 0 || length <= 0 || length > payload.Length - ItemHeaderBytes)
        {
            return false;
        }

        bytes = payload.Slice(ItemHeaderBytes, length);
        payload = payload[(ItemHeaderBytes + length)..];
        return true;
    }

    internal void Clear() => Length = CopiedBytes = 0;

    internal void Add(int region, long offset, ReadOnlySpan<byte> bytes)
    {
        var item = Buffer[Length..];
        BinaryPrimitives.WriteInt32LittleEndian(item, region);
        BinaryPrimitives.WriteInt32LittleEndian(item[4..], bytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(item[8..], offset);
        bytes.CopyTo(item[ItemHeaderBytes..]);
        Length += ItemHeaderBytes + bytes.Length;
        CopiedBytes += bytes.Length;
    }
}
