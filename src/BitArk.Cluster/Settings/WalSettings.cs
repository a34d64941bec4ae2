namespace BitArk.Cluster;

/// <summary>The log of each partition.</summary>
/// <param name="SegmentBytes">Size of one log file; a multiple of 4096, fixed at creation.</param>
/// <param name="MaxBatchBytes">The most that one group commit carries; a single larger record goes alone.</param>
/// <param name="DiskFloorBytes">Free space below which marks are refused.</param>
public sealed record WalSettings(long SegmentBytes, int MaxBatchBytes, long DiskFloorBytes)
{
    private const int Page = 4096;

    internal static WalSettings From(HoconReader reader)
    {
        var settings = new WalSettings(
            reader.Bytes("wal.segment-bytes", 64L << 10, 1L << 30),
            (int)reader.Bytes("wal.max-batch-bytes", 4L << 10, 64L << 20),
            reader.Bytes("wal.disk-floor-bytes", 0, 1L << 50));
        if (settings.SegmentBytes % Page != 0)
            reader.Refuse("wal.segment-bytes", $"{settings.SegmentBytes}", $"a multiple of {Page} is allowed");

        return settings;
    }
}
