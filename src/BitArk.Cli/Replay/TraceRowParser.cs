using System.Buffers.Text;

namespace BitArk.Cli.Replay;

/// <summary>
/// Parses one line <c>unix_seconds,channel,user,kind,from,to</c>, ASCII. Everything is checked: six fields, ids within
/// 0 … 2^63-2, <c>from &lt;= to</c>, a post of exactly one message, a known kind, nothing behind the last field.
/// </summary>
internal static class TraceRowParser
{
    /// <summary>The first line of every trace.</summary>
    public static ReadOnlySpan<byte> Header => "unix_seconds,channel,user,kind,from,to"u8;

    /// <summary>Parses a line without its line end; <paramref name="problem"/> names the field that is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out TraceRow row, out string problem)
    {
        row = default;
        var rest = line;
        if (!TryNumber(ref rest, out var seconds, last: false))
        {
            return Fail("unix_seconds is no number", out problem);
        }

        if (!TryId(ref rest, out var channel, last: false))
        {
            return Fail("channel is no id of 0 … 2^63-2", out problem);
        }

        if (!TryId(ref rest, out var user, last: false))
        {
            return Fail("user is no id of 0 … 2^63-2", out problem);
        }

        if (!TryKind(ref rest, out var kind))
        {
            return Fail("kind is neither post nor read", out problem);
        }

        if (!TryId(ref rest, out var from, last: false) || !TryId(ref rest, out var to, last: true) || from > to)
        {
            return Fail("from and to are no ids of 0 … 2^63-2 with from <= to", out problem);
        }

        if (kind == TraceKind.Post && from != to)
        {
            return Fail("a post is one message: from must equal to", out problem);
        }

        row = new TraceRow(seconds, channel, user, kind, from, to);
        problem = "";
        return true;
    }

    private static bool Fail(string what, out string problem)
    {
        problem = what;
        return false;
    }

    private static bool TryId(ref ReadOnlySpan<byte> rest, out long id, bool last) => TryNumber(ref rest, out id, last) && Ids.IsValid(id);

    private static bool TryNumber(ref ReadOnlySpan<byte> rest, out long value, bool last)
    {
        if (!Utf8Parser.TryParse(rest, out value, out var consumed))
        {
            return false;
        }

        if (last)
        {
            return consumed == rest.Length;
        }

        if (consumed == rest.Length || rest[consumed] != (byte)',')
        {
            return false;
        }

        rest = rest[(consumed + 1)..];
        return true;
    }

    private static bool TryKind(ref ReadOnlySpan<byte> rest, out TraceKind kind)
    {
        if (rest.StartsWith("read,"u8))
        {
            kind = TraceKind.Read;
        }
        else if (rest.StartsWith("post,"u8))
        {
            kind = TraceKind.Post;
        }
        else
        {
            kind = default;
            return false;
        }

        rest = rest["read,".Length..];
        return true;
    }
}
