namespace BitArk.Cluster.Log;

/// <summary>
/// Decides from free disk space whether marks are taken and whether the next segment may be made. The log's next segment
/// exists before it is needed, so a full disk shows while there is still room for what is under way; when space comes
/// back everything goes on by itself. One thread.
/// </summary>
internal sealed class DiskSpace(long floorBytes)
{
    private bool _full;

    /// <summary>Free bytes when last looked.</summary>
    public long FreeBytes { get; private set; } = long.MaxValue;

    /// <summary>Free bytes that must stay.</summary>
    public long FloorBytes => floorBytes;

    /// <summary>Whether writes that need room are refused.</summary>
    public bool IsLow => _full || FreeBytes < floorBytes;

    /// <summary>Whether a segment may be tried: what lies below the floor is kept for snapshots, which free log in turn.</summary>
    public bool MayMakeSegment => FreeBytes >= floorBytes;

    /// <summary>What the file system says now.</summary>
    public void Observe(long freeBytes) => FreeBytes = freeBytes;

    /// <summary>The disk had no room for a segment, whatever it said.</summary>
    public void SegmentRefused() => _full = true;

    /// <summary>A segment was made: there is room.</summary>
    public void SegmentMade() => _full = false;
}
