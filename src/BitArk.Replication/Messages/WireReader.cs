using System.Buffers.Binary;
using System.Text;

namespace BitArk.Replication.Messages;

/// <summary>
/// Reads the fields of a body one behind the other. The first thing wrong is kept as the reason, and everything after it reads
/// as zero: a body is read in one expression and asked at the end. Nothing is allocated before its length is checked.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> message)
{
    private readonly ReadOnlyMemory<byte> _message = message;
    private int _at = WireHeader.Size;

    /// <summary>Empty while nothing is wrong.</summary>
    public string Reason { get; private set; } = string.Empty;

    /// <summary>How many bytes of the message the checksum covers, once the body is read.</summary>
    public int CoveredBytes { get; private set; } = message.Length;

    public readonly bool IsAtEnd => _at == _message.Length;

    public byte Byte() => Take(1) is { Length: > 0 } bytes ? bytes[0] : (byte)0;

    public bool Flag()
    {
        var value = Byte();
        if (value > 1)
            Fail($"a flag is {value}");
        return value == 1;
    }

    public int Int32() => Take(sizeof(int)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    public long Int64() => Take(sizeof(long)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    /// <summary>A number that is not below zero.</summary>
    public long Count(string what)
    {
        var value = Int64();
        if (value < 0)
            Fail($"its {what} is negative");
        return value;
    }

    public Lsn Lsn() => new(Count("position"));

    /// <summary>A flag and a position; without the flag the position must be 0.</summary>
    public Lsn? OptionalLsn()
    {
        var isSet = Flag();
        var value = Lsn();
        if (!isSet && value.Value != 0)
            Fail("a position that is not set is not zero");
        return isSet ? value : null;
    }

    public Epoch Epoch() => new(Count("epoch"));

    /// <summary>A time in microseconds, within <see cref="WireWriter.LongestLease"/>: a longer one would keep a partition without a leader.</summary>
    public TimeSpan Lease()
    {
        var value = Int64();
        if (value >= 0 && value <= WireWriter.LongestLease.TotalMicroseconds)
            return TimeSpan.FromMicroseconds(value);
        Fail($"a lease of {value} us is not within 0 … {WireWriter.LongestLease.TotalMicroseconds}");
        return TimeSpan.Zero;
    }

    public Guid Guid() => Take(16) is { Length: > 0 } bytes ? new Guid(bytes, bigEndian: true) : default;

    public double Double()
    {
        var value = BitConverter.Int64BitsToDouble(Int64());
        if (!double.IsFinite(value))
            Fail("a fraction is not a number");
        return value;
    }

    public NodeId Node() => OptionalNode() is { } node ? node : FailNode();

    /// <summary>Null where the name is empty.</summary>
    public NodeId? OptionalNode()
    {
        var name = Text(0, NodeName.MaxLength);
        if (name.Length == 0)
            return null;
        if (!NodeName.IsValid(name))
            Fail("a node's name has other characters than A-Z a-z 0-9 . _ -");
        return new NodeId(name);
    }

    /// <summary>A length byte and so many printable ASCII characters.</summary>
    public string Text(int minLength, int maxLength)
    {
        var length = Byte();
        if (length < minLength || length > maxLength)
            Fail($"the length {length} of a text is not within {minLength} … {maxLength}");
        var bytes = Take(length);
        if (bytes.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            Fail("a text is not printable ASCII");
        return Reason.Length == 0 ? Encoding.ASCII.GetString(bytes) : string.Empty;
    }

    /// <summary>A length of 4 bytes and so many bytes: a slice of the message, not a copy. The checksum ends before them.</summary>
    public ReadOnlyMemory<byte> Bytes(int maxLength)
    {
        var length = Int32();
        if (length < 0 || length > maxLength)
            Fail($"{length} log bytes are not within 0 … {maxLength}");
        CoveredBytes = _at;
        return Take(length).Length == length ? _message.Slice(_at - length, length) : default;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (Reason.Length == 0 && length > _message.Length - _at)
            Fail("it is cut short");
        if (Reason.Length > 0)
            return default;
        _at += length;
        return _message.Span.Slice(_at - length, length);
    }

    private NodeId FailNode()
    {
        Fail("a node's name is missing");
        return default;
    }

    private void Fail(string reason)
    {
        if (Reason.Length == 0)
            Reason = reason;
    }
}
