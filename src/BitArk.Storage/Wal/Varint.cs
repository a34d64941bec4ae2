namespace BitArk.Storage.Wal;

/// <summary>
/// LEB128: seven bits a byte, the lowest first, the top bit set on all bytes but the last. For 0 … 2^63-1, so at most 9
/// bytes; only the shortest spelling of a number is read.
/// </summary>
internal static class Varint
{
    public const int MaxSize = 9;

    private const int Continues = 0x80;

    public static int SizeOf(long value) => value == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount((ulong)value)) / 7;

    public static int Write(Span<byte> into, long value)
    {
        var rest = (ulong)value;
        var at = 0;
        while (rest >= Continues)
        {
            into[at++] = (byte)(rest | Continues);
            rest >>= 7;
        }

        into[at++] = (byte)rest;
        return at;
    }

    /// <summary>Reads a number and moves <paramref name="at"/> behind it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, ref int at, out long value)
    {
        value = 0;
        for (var i = 0; i < MaxSize; i++)
        {
            if ((uint)at >= (uint)from.Length)
                return false;
            var next = from[at++];
            value |= (long)(next & 0x7F) << (7 * i);
            if (next < Continues)
                return i == 0 || next != 0;
        }

        return false;
    }
}
