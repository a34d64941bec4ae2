using System.Globalization;

namespace BitArk.Chaos.Nodes;

/// <summary>
/// Watches a node's data directory from outside, by its file names alone, and counts what a run crosses: segments begun
/// and deleted, snapshots, torn tails kept aside. Also the trigger for kills at chosen moments.
/// </summary>
internal sealed class DataDirectoryWatch(string dataDirectory)
{
    private readonly Dictionary<string, (long Lowest, long Highest)> _segments = [];
    private readonly HashSet<string> _snapshots = [];
    private readonly HashSet<string> _torn = [];

    /// <summary>Segments that came to be since the watch began.</summary>
    public long SegmentRolls { get; private set; }

    /// <summary>Segments that were deleted.</summary>
    public long SegmentsCollected { get; private set; }

    /// <summary>Times that the lowest segment moved.</summary>
    public int Collections { get; private set; }

    /// <summary>Snapshots that came to be.</summary>
    public int Snapshots => _snapshots.Count;

    /// <summary>Their names (positions as 16 hex digits), of all partitions.</summary>
    public IEnumerable<string> SnapshotNames => _snapshots.Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>The lowest segment index of any partition when last looked at.</summary>
    public long LowestSegment => _segments.Values.Min(range => range.Lowest);

    /// <summary>Torn tails that a recovery kept aside.</summary>
    public int TornTails => _torn.Count;

    /// <summary>Whether a snapshot was being written when last looked at.</summary>
    public bool IsWritingSnapshot { get; private set; }

    /// <summary>Looks once.</summary>
    public void Look()
    {
        IsWritingSnapshot = false;
        string partitions = Path.Combine(dataDirectory, "partitions");
        if (!Directory.Exists(partitions))
            return;
        foreach (string partition in Directory.GetDirectories(partitions))
        {
            LookAtSegments(partition);
            foreach (string path in Files(partition, "snapshots"))
            {
                IsWritingSnapshot |= path.EndsWith(".tmp", StringComparison.Ordinal);
                if (path.EndsWith(".snap", StringComparison.Ordinal))
                    _snapshots.Add(path);
            }
        }
    }

    /// <summary>Looks every few milliseconds until cancelled.</summary>
    public async Task WatchAsync(CancellationToken until)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            while (await ticks.WaitForNextTickAsync(until))
                Look();
        }
        catch (OperationCanceledException)
        {
            Look();
        }
    }

    /// <summary>Bytes that the files of a directory occupy now.</summary>
    public static long BytesIn(string directory)
    {
        long bytes = 0;
        foreach (string path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            var file = new FileInfo(path);
            bytes += file.Exists ? file.Length : 0;
        }

        return bytes;
    }

    private void LookAtSegments(string partition)
    {
        var indices = new List<long>();
        foreach (string path in Files(partition, "wal"))
        {
            if (path.EndsWith(".broken", StringComparison.Ordinal))
                _torn.Add(path);
            else if (path.EndsWith(".wal", StringComparison.Ordinal))
                indices.Add(long.Parse(Path.GetFileNameWithoutExtension(path), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        if (indices.Count == 0)
            return;
        (long lowest, long highest) = (indices.Min(), indices.Max());
        if (_segments.TryGetValue(partition, out (long Lowest, long Highest) before))
        {
            SegmentRolls += Math.Max(0, highest - before.Highest);
            SegmentsCollected += Math.Max(0, lowest - before.Lowest);
            Collections += lowest > before.Lowest ? 1 : 0;
        }

        _segments[partition] = (lowest, highest);
    }

    private static string[] Files(string partition, string kind)
    {
        string directory = Path.Combine(partition, kind);
        try
        {
            return Directory.Exists(directory) ? Directory.GetFiles(directory) : [];
        }
        catch (IOException)
        {
            // The file system of a power-cut test may vanish at any moment.
            return [];
        }
    }
}
