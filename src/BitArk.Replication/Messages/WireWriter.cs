using System.Buffers.Binary;
using System.Text;

namespace BitArk.Replication.Messages;

/// <summary>Writes the fields of a body one behind the other.</summary>
internal ref struct WireWriter(Span<byte> into)
{
    private Span<byte> _rest = into;

    public void Byte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
        _rest = _rest[sizeof(long)..];
    }

    public void Lsn(Lsn value) => Int64(value.Value);

    /// <summary>A flag and a position, 0 where it is not set.</summary>
    public void OptionalLsn(Lsn? value)
    {
        Flag(value is not null);
        Lsn(value ?? BitArk.Lsn.Zero);
    }

    /// <summary>Of what is configurable, twice as much.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromMinutes(2);

    /// <summary>A time in microseconds, rounded up.</summary>
    public void Lease(TimeSpan value) => Int64((value.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond);

    public void Epoch(Epoch value) => Int64(value.Value);

    public void Guid(Guid value)
    {
        value.TryWriteBytes(_rest, bigEndian: true, out var written);
        _rest = _rest[written..];
    }

    /// <summary>A length byte and so many characters, ASCII.</summary>
    public void Text(string value)
    {
        Byte(checked((byte)value.Length));
        _rest = _rest[Encoding.ASCII.GetBytes(value, _rest)..];
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_rest, value);
        _rest = _rest[sizeof(int)..];
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_rest);
        _rest = _rest[value.Length..];
    }
}
