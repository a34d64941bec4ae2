namespace BitArk.Protocol;

/// <summary>Unsigned LEB128: seven bits a byte, lowest first, the top bit says that more follow. Only the shortest form is read.</summary>
internal static class Varint
{
    /// <summary>Writes a value &gt;= 0; returns the bytes used, 1 … 9.</summary>
    public static int Write(Span<byte> into, long value)
    {
        var rest = (ulong)value;
        var at = 0;
        while (rest >= 0x80)
        {
            into[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        into[at++] = (byte)rest;
        return at;
    }

    /// <summary>Reads a value of 0 … <paramref name="max"/> and moves <paramref name="from"/> behind it.</summary>
    public static TokenFailure TryRead(ref ReadOnlySpan<byte> from, long max, out long value)
    {
        value = 0;
        for (var at = 0; at < from.Length; at++)
        {
            // Nine groups of seven bits are all that a non-negative long has.
            if (at == 9)
                return TokenFailure.BadNumber;

            var current = from[at];
            value |= (long)(current & 0x7F) << (7 * at);
            if ((current & 0x80) != 0)
                continue;

            if ((current == 0 && at > 0) || value > max)
                return TokenFailure.BadNumber;
            from = from[(at + 1)..];
            return TokenFailure.None;
        }

        return TokenFailure.Truncated;
    }
}
