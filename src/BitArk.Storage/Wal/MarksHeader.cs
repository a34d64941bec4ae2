using System.Buffers.Binary;

namespace BitArk.Storage.Wal;

/// <summary>
/// The beginning of a Marks payload.
/// <code>
///  0         1       2        4            12         20
///  | version | flags | count  | [session]  | [sequence] | operations …
///  | u8 = 1  | u8    | u16    | i64        | i64        |
/// </code>
/// Little endian. Flag bit 0: session and sequence are present. Raise the version when a field or a flag is added.
/// </summary>
/// <param name="Session">The client's session; 0 without one.</param>
/// <param name="Sequence">The session's number of this write, &gt;= 1; 0 without a session.</param>
/// <param name="Count">Operations, 1 … 65535.</param>
public readonly record struct MarksHeader(SessionId Session, long Sequence, int Count)
{
    /// <summary>The version this build writes, and the only one it reads.</summary>
    public const byte Version = 1;

    private const int ShortSize = 4;
    private const int LongSize = 20;
    private const byte HasSession = 1;

    /// <summary>The bytes of this header.</summary>
    public int Size => Session.Value != 0 ? LongSize : ShortSize;

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> into)
    {
        into[0] = Version;
        into[1] = Session.Value != 0 ? HasSession : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(into[2..], checked((ushort)Count));
        if (Session.Value == 0)
            return;
        BinaryPrimitives.WriteInt64LittleEndian(into[4..], Session.Value);
        BinaryPrimitives.WriteInt64LittleEndian(into[12..], Sequence);
    }

    /// <summary>Reads a header; false with a reason.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out MarksHeader header, out string reason)
    {
        header = default;
        if (from.Length < ShortSize)
            return Refuse("the payload is shorter than its header", out reason);
        if (from[0] != Version)
            return Refuse($"payload version {from[0]} is unknown", out reason);
        if ((from[1] & ~HasSession) != 0)
            return Refuse($"payload flags 0x{from[1]:X2} are unknown", out reason);

        var count = BinaryPrimitives.ReadUInt16LittleEndian(from[2..]);
        if (count == 0)
            return Refuse("the payload holds no operation", out reason);
        if (from[1] == 0)
        {
            header = new MarksHeader(default, 0, count);
            reason = string.Empty;
            return true;
        }

        if (from.Length < LongSize)
            return Refuse("the payload is shorter than its header", out reason);
        var session = BinaryPrimitives.ReadInt64LittleEndian(from[4..]);
        var sequence = BinaryPrimitives.ReadInt64LittleEndian(from[12..]);
        if (session < 1 || !Ids.IsValid(session) || sequence < 1)
            return Refuse("session or sequence is out of range", out reason);
        header = new MarksHeader(new SessionId(session), sequence, count);
        reason = string.Empty;
        return true;
    }

    private static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
