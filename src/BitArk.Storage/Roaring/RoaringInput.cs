using System.Buffers.Binary;

namespace BitArk.Storage.Roaring;

/// <summary>Bytes read from the front, each piece only after a check that it is there.</summary>
internal ref struct RoaringInput(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _bytes.Length;

    public ushort ReadUInt16(string what) => BinaryPrimitives.ReadUInt16LittleEndian(Read(sizeof(ushort), what));

    public uint ReadUInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Read(sizeof(uint), what));

    public ulong ReadUInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Read(sizeof(ulong), what));

    public ReadOnlySpan<byte> Read(int count, string what)
    {
        if (count > _bytes.Length - Position)
        {
            throw new RoaringFormatException(Position, $"{count} bytes of {what} expected, {_bytes.Length - Position} left");
        }

        ReadOnlySpan<byte> piece = _bytes.Slice(Position, count);
        Position += count;
        return piece;
    }

    /// <summary>Throws unless a rule of the format holds.</summary>
    public readonly void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new RoaringFormatException(Position, otherwise);
        }
    }
}
