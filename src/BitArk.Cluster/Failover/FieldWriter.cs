using System.Buffers.Binary;
using System.Text;

namespace BitArk.Cluster.Failover;

/// <summary>Writes the fields of a body one behind the other.</summary>
internal ref struct FieldWriter(Span<byte> into)
{
    private Span<byte> _rest = into;

    public void Byte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_rest, value);
        _rest = _rest[sizeof(int)..];
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
        _rest = _rest[sizeof(long)..];
    }

    public void Guid(Guid value)
    {
        value.TryWriteBytes(_rest, bigEndian: true, out var written);
        _rest = _rest[written..];
    }

    /// <summary>A length byte and the name; length 0: none.</summary>
    public void Node(NodeId? node)
    {
        var name = node?.Name ?? "";
        Byte(checked((byte)name.Length));
        _rest = _rest[Encoding.ASCII.GetBytes(name, _rest)..];
    }
}
