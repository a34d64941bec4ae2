using System.Globalization;
using BitArk.Storage.Wal;

namespace BitArk.Cli.Files;

/// <summary>Positions as people write and read them.</summary>
internal static class LsnText
{
    /// <summary><c>1:0x1F40</c> when the segment size is known, else <c>0x4001F40</c>.</summary>
    public static string Format(Lsn lsn, LogGeometry? geometry) => geometry is { } shape ? lsn.Format(shape.SegmentBytes) : lsn.ToString();

    /// <summary>Reads <c>1:0x1F40</c> (segment and offset, for which the segment size must be known), <c>0x4001F40</c> or a decimal number.</summary>
    public static bool TryParse(string text, LogGeometry? geometry, out Lsn lsn)
    {
        lsn = default;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            if (!TryNumber(text, out var value))
            {
                return false;
            }

            lsn = new Lsn(value);
            return true;
        }

        if (geometry is not { } shape || !TryNumber(text[..colon], out var segment) || !TryNumber(text[(colon + 1)..], out var offset)
            || offset >= shape.SegmentBytes || segment > (long.MaxValue / shape.SegmentBytes) - 1)
        {
            return false;
        }

        lsn = new Lsn((segment * shape.SegmentBytes) + offset);
        return true;
    }

    private static bool TryNumber(string text, out long value)
    {
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return long.TryParse(isHex ? text.AsSpan(2) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= 0;
    }
}
