namespace BitArk.Cluster;

/// <summary>How much memory the state may take.</summary>
/// <param name="MaxBytes">Bytes that the read sets of all partitions may take; beyond it marks are refused.</param>
public sealed record MemorySettings(long MaxBytes)
{
    internal static MemorySettings From(HoconReader reader)
    {
        var configured = reader.Bytes("memory.max-bytes", 0, 1L << 50);
        return new MemorySettings(configured == 0 ? AutomaticShare() : configured);
    }

    /// <summary>Three quarters of what the machine or its container may use; the rest is for the process itself, the page cache and a snapshot's buffers.</summary>
    internal static long AutomaticShare() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;
}
