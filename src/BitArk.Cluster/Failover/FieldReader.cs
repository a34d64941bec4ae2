using System.Buffers.Binary;
using System.Text;

namespace BitArk.Cluster.Failover;

/// <summary>
/// Reads the fields of a body one behind the other. The first thing wrong is kept, and everything after it reads as zero: a body is
/// read to its end and asked then.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> from)
{
    private ReadOnlySpan<byte> _rest = from;

    /// <summary>Empty while nothing is wrong.</summary>
    public string Problem { get; private set; } = "";

    public bool Flag() => Byte(1, "flag") == 1;

    /// <summary>A number up to a greatest one.</summary>
    public byte Byte(byte most, string what)
    {
        var value = Take(1) is [var taken] ? taken : (byte)0;
        if (value > most)
            Fail($"its {what} is {value}, at most {most} is known");
        return value;
    }

    /// <summary>A number that is not below zero.</summary>
    public long Count(string what)
    {
        var value = Take(sizeof(long)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
        if (value < 0)
            Fail($"its {what} is negative");
        return Math.Max(value, 0);
    }

    public PartitionId Partition()
    {
        var value = Int32();
        if (value < 0)
            Fail("its partition is negative");
        return new PartitionId(Math.Max(value, 0));
    }

    /// <summary>How many rows follow: no more than there can be, and no more than there are bytes for.</summary>
    public int Rows(int size, int most)
    {
        var count = Int32();
        if (count >= 0 && count <= most && (long)count * size == _rest.Length)
            return Problem.Length == 0 ? count : 0;
        Fail($"{count} rows do not fit into {_rest.Length} bytes, or are more than {most}");
        return 0;
    }

    public TimeSpan Micros(TimeSpan most)
    {
        var value = Count("time");
        if (value <= most.TotalMicroseconds)
            return TimeSpan.FromMicroseconds(value);
        Fail($"a time of {value} us is longer than {most.TotalMicroseconds}");
        return TimeSpan.Zero;
    }

    public Guid Guid() => Take(16) is { Length: > 0 } bytes ? new Guid(bytes, bigEndian: true) : default;

    public NodeId Node()
    {
        if (OptionalNode() is { } node)
            return node;
        Fail("a node's name is missing");
        return default;
    }

    /// <summary>Null where the length is 0.</summary>
    public NodeId? OptionalNode()
    {
        var name = Encoding.ASCII.GetString(Take(Byte(byte.MaxValue, "length")));
        if (name.Length > 0 && !NodeNames.IsValid(name))
            Fail("its name is not a node's");
        return name.Length > 0 && Problem.Length == 0 ? new NodeId(name) : null;
    }

    /// <summary>Nothing may stand behind what was read.</summary>
    public void RequireEnd()
    {
        if (_rest.Length > 0)
            Fail("something stands behind it");
    }

    public void Fail(string problem)
    {
        if (Problem.Length == 0)
            Problem = problem;
    }

    private int Int32() => Take(sizeof(int)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
            Fail("it is cut short");
        if (Problem.Length > 0)
            return default;
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
