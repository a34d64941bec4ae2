using System.Buffers;
using System.Globalization;
using BitArk.Storage.Replica;

namespace BitArk.Storage.Snapshots;

/// <summary>The names of the files in a snapshot directory, parsed strictly: what does not fit is not ours.</summary>
internal static class SnapshotFileNames
{
    /// <summary>A snapshot being written; removed at start.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>A snapshot that failed verification, kept for whoever looks into it.</summary>
    public const string RejectedSuffix = ".bad";

    /// <summary>A snapshot arriving from another replica.</summary>
    public const string PartSuffix = ".part";

    /// <summary>How far that has come.</summary>
    public const string PartProgressSuffix = ".progress";

    /// <summary>A snapshot that has arrived whole and sound.</summary>
    public const string ReceivedSuffix = ".received";

    private const int Digits = 16;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static bool TryParse(string name, out Lsn lsn)
    {
        lsn = default;
        if (name.Length != Digits + PartitionDirectory.SnapshotExtension.Length
            || !name.EndsWith(PartitionDirectory.SnapshotExtension, StringComparison.Ordinal)
            || name.AsSpan(0, Digits).ContainsAnyExcept(Hex)
            || !long.TryParse(name.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || value < 0)
            return false;
        lsn = new Lsn(value);
        return true;
    }
}
