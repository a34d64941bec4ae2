using System.Text;

namespace BitArk.Storage.Wal;

/// <summary>
/// The payload of an EpochStart record; the epoch is the record header's.
/// <code>
///  0         1          8        9
///  | version | reserved | length | the leader's node name, UTF-8
///  | u8 = 1  | 7 zeros  | u8     | 1 … 255 bytes
/// </code>
/// </summary>
/// <param name="Leader">The name of the node that leads.</param>
public sealed record EpochStartPayload(string Leader)
{
    /// <summary>The version this build writes, and the only one it reads.</summary>
    public const byte Version = 1;

    /// <summary>The largest payload.</summary>
    public const int MaxSize = NameAt + byte.MaxValue;

    private const int LengthAt = 8;
    private const int NameAt = 9;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the payload; returns its bytes.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than 255 bytes, or no valid text.</exception>
    public int Write(Span<byte> into)
    {
        var length = Strict.GetByteCount(Leader);
        if (length is 0 or > byte.MaxValue)
            throw new ArgumentException($"A node name has 1 to 255 bytes; '{Leader}' has {length}.", nameof(into));
        into[..NameAt].Clear();
        into[0] = Version;
        into[LengthAt] = (byte)length;
        return NameAt + Strict.GetBytes(Leader, into[NameAt..]);
    }

    /// <summary>Reads a payload; null with a reason when it is not one.</summary>
    public static EpochStartPayload? TryRead(ReadOnlySpan<byte> from, out string reason)
    {
        reason = string.Empty;
        if (from.Length < NameAt)
            reason = "the payload is shorter than its header";
        else if (from[0] != Version)
            reason = $"payload version {from[0]} is unknown";
        else if (from[1..LengthAt].ContainsAnyExcept((byte)0))
            reason = "reserved bytes are not zero";
        else if (from[LengthAt] == 0 || from.Length != NameAt + from[LengthAt])
            reason = "the name's length does not match the payload's";
        else if (!System.Text.Unicode.Utf8.IsValid(from[NameAt..]))
            reason = "the name is no valid UTF-8";
        return reason.Length == 0 ? new EpochStartPayload(Strict.GetString(from[NameAt..])) : null;
    }
}
