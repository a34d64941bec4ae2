using System.Buffers.Binary;

namespace BitArk.Storage.Memory;

/// <summary>Collects the description of captured regions: little-endian integers one after the other.</summary>
internal sealed class GeometryWriter
{
    private byte[] _buffer = new byte[64 << 10];
    private int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Next(sizeof(int)), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Next(sizeof(ulong)), value);

    /// <summary>Room for so many bytes, to be filled by the caller.</summary>
    public Span<byte> Next(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }

        _length += bytes;
        return _buffer.AsSpan(_length - bytes, bytes);
    }
}

/// <summary>Reads what <see cref="GeometryWriter"/> wrote, believing nothing.</summary>
internal ref struct GeometryReader(ReadOnlySpan<byte> geometry)
{
    private ReadOnlySpan<byte> _rest = geometry;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads a number that must lie in <paramref name="min"/> … <paramref name="max"/>.</summary>
    public int ReadInt32(string what, int min, int max)
    {
        var value = BinaryPrimitives.ReadInt32LittleEndian(Next(sizeof(int), what));
        return value >= min && value <= max ? value : throw Invalid($"{what} is {value}, not {min} … {max}");
    }

    public ulong ReadUInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Next(sizeof(ulong), what));

    public ReadOnlySpan<byte> Next(int bytes, string what)
    {
        if (_rest.Length < bytes)
        {
            throw Invalid($"it ends before {what}");
        }

        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }

    public static InvalidDataException Invalid(string reason) => new($"The geometry of this snapshot can't be used: {reason}.");
}
