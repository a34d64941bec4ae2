using System.Buffers;
using System.Globalization;

namespace BitArk.Storage.Wal;

/// <summary>The names of the files in a log's directory, built from numbers and parsed strictly.</summary>
internal static class WalFileNames
{
    public const string SegmentSuffix = ".wal";
    public const string TemporarySuffix = ".tmp";
    public const string BrokenSuffix = ".broken";

    private const int HexDigits = 16;
    private static readonly SearchValues<char> LowerHexDigits = SearchValues.Create("0123456789abcdef");

    public static string Broken(Lsn lsn) => string.Create(CultureInfo.InvariantCulture, $"{lsn.Value:x16}{BrokenSuffix}");

    public static bool IsTemporary(string name) => name.EndsWith(TemporarySuffix, StringComparison.Ordinal);

    public static bool TryParseSegment(string name, out long segmentIndex) => TryParse(name, SegmentSuffix, out segmentIndex);

    public static bool IsBroken(string name) => TryParse(name, BrokenSuffix, out _);

    private static bool TryParse(string name, string suffix, out long number)
    {
        number = 0;
        return name.Length == HexDigits + suffix.Length
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && !name.AsSpan(0, HexDigits).ContainsAnyExcept(LowerHexDigits)
            && long.TryParse(name.AsSpan(0, HexDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            && number >= 0;
    }
}
