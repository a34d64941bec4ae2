using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace BitArk.Protocol;

/// <content>
/// The text form: base64url without padding of
/// <code>
///   0        1                      17
///   +--------+----------------------+-----------+---------+-------+-----------+ …
///   | 01     | cluster id, 16 bytes | partition | epoch   | lsn   | partition | …
///   +--------+----------------------+-----------+---------+-------+-----------+ …
/// </code>
/// The cluster id is in the byte order it is printed in. Partition, epoch and LSN are unsigned LEB128 varints in their
/// shortest form; entries ascend by partition and run to the end. So one token has one text. Bump the version when any of
/// this changes.
/// </content>
public sealed partial class SessionToken
{
    /// <summary>The longest text accepted; room for thousands of partitions.</summary>
    public const int MaxTextLength = 128 * 1024;

    private const byte FormatVersion = 1;
    private const int HeaderBytes = 17;
    private const int MaxEntryBytes = 5 + 9 + 9;
    private const int StackBytes = 256;

    /// <summary>The text form of a token of a single entry: what nearly every reply carries, with no token object made.</summary>
    public static string Format(ClusterId clusterId, in TokenEntry entry) =>
        Format(clusterId, MemoryMarshal.CreateReadOnlySpan(in entry, 1));

    /// <summary>The text form.</summary>
    public override string ToString() => Format(ClusterId, _entries);

    /// <summary>Reads a token's text.</summary>
    /// <returns>False when it is none; <paramref name="failure"/> says why.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SessionToken? token, out TokenFailure failure)
    {
        token = null;
        failure = TokenFailure.TooLong;
        if (text.Length > MaxTextLength)
            return false;

        var length = Base64Url.GetMaxDecodedLength(text.Length);
        var rented = length <= StackBytes ? null : ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = rented is null ? stackalloc byte[StackBytes] : rented.AsSpan();
            failure = IsAlphabet(text)
                && Base64Url.DecodeFromChars(text, bytes, out var consumed, out var written) == OperationStatus.Done
                && consumed == text.Length
                && HasNoStrayBits(text)
                ? TryRead(bytes[..written], out token)
                : TokenFailure.NotBase64Url;
            return token is not null;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static string Format(ClusterId clusterId, ReadOnlySpan<TokenEntry> entries)
    {
        var length = HeaderBytes + (entries.Length * MaxEntryBytes);
        var rented = length <= StackBytes ? null : ArrayPool<byte>.Shared.Rent(length);
        var bytes = rented is null ? stackalloc byte[StackBytes] : rented.AsSpan();
        bytes[0] = FormatVersion;
        clusterId.Value.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        var at = HeaderBytes;
        foreach (ref readonly var entry in entries)
        {
            at += Varint.Write(bytes[at..], entry.Partition.Value);
            at += Varint.Write(bytes[at..], entry.Epoch.Value);
            at += Varint.Write(bytes[at..], entry.Lsn.Value);
        }

        var text = Base64Url.EncodeToString(bytes[..at]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    private static TokenFailure TryRead(ReadOnlySpan<byte> bytes, out SessionToken? token)
    {
        token = null;
        if (bytes.Length > 0 && bytes[0] != FormatVersion)
            return TokenFailure.UnknownVersion;
        if (bytes.Length < HeaderBytes)
            return TokenFailure.Truncated;

        var entries = new List<TokenEntry>();
        var rest = bytes[HeaderBytes..];
        var previous = -1L;
        while (rest.Length > 0)
        {
            var failure = Varint.TryRead(ref rest, int.MaxValue, out var partition);
            if (failure != TokenFailure.None)
                return failure;
            failure = Varint.TryRead(ref rest, long.MaxValue, out var epoch);
            if (failure != TokenFailure.None)
                return failure;
            failure = Varint.TryRead(ref rest, long.MaxValue, out var lsn);
            if (failure != TokenFailure.None)
                return failure;
            if (partition <= previous)
                return TokenFailure.NotSorted;

            previous = partition;
            entries.Add(new TokenEntry(new PartitionId((int)partition), new Epoch(epoch), new Lsn(lsn)));
        }

        token = new SessionToken(new ClusterId(new Guid(bytes[1..HeaderBytes], bigEndian: true)), [.. entries]);
        return TokenFailure.None;
    }

    /// <summary>The decoder skips white space; a token has none.</summary>
    private static bool IsAlphabet(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        }

        return true;
    }

    /// <summary>The last character of an incomplete group carries bits that belong to no byte; they must be zero, or one token had many texts.</summary>
    private static bool HasNoStrayBits(ReadOnlySpan<char> text) => (text.Length % 4) switch
    {
        2 => (SixBits(text[^1]) & 0b1111) == 0,
        3 => (SixBits(text[^1]) & 0b11) == 0,
        _ => true,
    };

    private static int SixBits(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
