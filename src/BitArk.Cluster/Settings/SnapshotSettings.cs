namespace BitArk.Cluster;

/// <summary>When snapshots are taken and how fast they are written.</summary>
/// <param name="EveryBytes">Due after that much log, or the size of the last snapshot if larger.</param>
/// <param name="Every">Due after that long if anything changed.</param>
/// <param name="PaceBytesPerSecond">Upper bound of the writing rate; 0: none.</param>
public sealed record SnapshotSettings(long EveryBytes, TimeSpan Every, long PaceBytesPerSecond)
{
    internal static SnapshotSettings From(HoconReader reader) =>
        new(
            reader.Bytes("snapshot.every-bytes", 4L << 10, 1L << 44),
            reader.Time("snapshot.every", TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            reader.Bytes("snapshot.pace-bytes-per-second", 0, 1L << 40));
}
