namespace BitArk.Storage.Snapshots;

/// <summary>The parts between the header and the blocks of a snapshot.</summary>
internal readonly ref struct SnapshotPreamble
{
    public SnapshotPreamble(in SnapshotHeader header, ReadOnlySpan<byte> bytes)
    {
        EpochTable = bytes[..header.EpochTableBytes];
        bytes = bytes[header.EpochTableBytes..];
        Configuration = bytes[..header.ConfigurationBytes];
        bytes = bytes[header.ConfigurationBytes..];
        TableGeometry = bytes[..header.TableGeometryBytes];
        SessionGeometry = bytes[header.TableGeometryBytes..];
    }

    public ReadOnlySpan<byte> EpochTable { get; }

    public ReadOnlySpan<byte> Configuration { get; }

    public ReadOnlySpan<byte> TableGeometry { get; }

    public ReadOnlySpan<byte> SessionGeometry { get; }
}
