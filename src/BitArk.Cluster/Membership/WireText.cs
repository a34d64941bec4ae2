using System.Text;

namespace BitArk.Cluster.Membership;

/// <summary>A short text on the wire: its length in bytes as one byte, then UTF-8.</summary>
internal static class WireText
{
    public static int SizeOf(string text) => 1 + Math.Min(Encoding.UTF8.GetByteCount(text), byte.MaxValue);

    /// <summary>Writes it and answers what is behind it.</summary>
    public static Span<byte> Write(string text, Span<byte> into)
    {
        // A longer one has no use: names are shorter, and so are the hosts that can be looked up.
        Encoding.UTF8.TryGetBytes(text, into.Slice(1, SizeOf(text) - 1), out var written);
        into[0] = (byte)written;
        return into[(1 + written)..];
    }

    /// <summary>Reads it and goes on behind it; false: it is longer than what is left.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> from, out string text)
    {
        text = "";
        if (from.Length == 0 || from[0] > from.Length - 1)
            return false;

        text = Encoding.UTF8.GetString(from.Slice(1, from[0]));
        from = from[(1 + from[0])..];
        return true;
    }
}
