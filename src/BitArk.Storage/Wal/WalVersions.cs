namespace BitArk.Storage.Wal;

/// <summary>
/// The version of the log's files. Raise <see cref="Format"/> when a header field, a record type, a payload version or a
/// rule about positions is added; raise <see cref="MinCompatible"/> to the first version that may read what is written
/// when an older build would misread it. A file whose minimum is above <see cref="Format"/> is refused and left untouched.
/// </summary>
public static class WalVersions
{
    /// <summary>What this build writes.</summary>
    public const ushort Format = 1;

    /// <summary>The oldest build that can read what this one writes.</summary>
    public const ushort MinCompatible = 1;
}
