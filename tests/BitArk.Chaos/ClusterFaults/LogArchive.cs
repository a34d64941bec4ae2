using System.Globalization;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Clusters;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>
/// Keeps a copy of every committed segment before it is collected, and compares each replica's with the first one's: what is committed
/// is the same everywhere, for ever. Safe for concurrent use.
/// </summary>
internal sealed class LogArchive(int segmentBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(int Partition, long Index), byte[]> _segments = [];
    private readonly HashSet<(string Node, int Partition, long Index)> _taken = [];
    private readonly List<string> _differences = [];

    /// <summary>Segments in which two replicas differed.</summary>
    public IReadOnlyList<string> Differences
    {
        get
        {
            lock (_lock)
                return [.. _differences];
        }
    }

    /// <summary>The copies of a partition, by index.</summary>
    public Dictionary<long, byte[]> Of(int partition)
    {
        lock (_lock)
            return _segments.Where(segment => segment.Key.Partition == partition).ToDictionary(segment => segment.Key.Index, segment => segment.Value);
    }

    /// <summary>Takes what a replica has committed in full and still has in full.</summary>
    public void Take(Member member, int partition, Lsn retained, Lsn commit)
    {
        foreach ((long index, string path) in Segments(member, partition))
        {
            bool isWhole = (index * segmentBytes) + SegmentLog.HeaderBytes >= retained.Value && (index + 1) * segmentBytes <= commit.Value;
            if (!isWhole || !IsNew(member.Name, partition, index))
                continue;
            try
            {
                Compare(member.Name, partition, index, File.ReadAllBytes(path));
            }
            catch (IOException)
            {
                // Collected meanwhile, or its file system lost its power.
                lock (_lock)
                    _taken.Remove((member.Name, partition, index));
            }
        }
    }

    /// <summary>The segment files of a replica by index; none while its file system is away.</summary>
    public static IEnumerable<(long Index, string Path)> Segments(Member member, int partition)
    {
        try
        {
            return member.Files(partition, "wal", "*.wal").Select(path => (long.Parse(Path.GetFileNameWithoutExtension(path), NumberStyles.HexNumber, CultureInfo.InvariantCulture), path));
        }
        catch (IOException)
        {
            return [];
        }
    }

    private bool IsNew(string node, int partition, long index)
    {
        lock (_lock)
            return _taken.Add((node, partition, index));
    }

    private void Compare(string node, int partition, long index, byte[] bytes)
    {
        ReadOnlySpan<byte> content = bytes.AsSpan(SegmentLog.HeaderBytes);
        // A log that began with an installed snapshot has nothing in front of that.
        if (bytes.Length != segmentBytes || !content[..24].ContainsAnyExcept((byte)0))
            return;
        lock (_lock)
        {
            if (!_segments.TryAdd((partition, index), bytes) && content.CommonPrefixLength(_segments[(partition, index)].AsSpan(SegmentLog.HeaderBytes)) is var same && same < content.Length)
                _differences.Add($"partition {partition}: committed segment {index:x16} of {node} differs from the first copy at 0x{same + SegmentLog.HeaderBytes:X}");
        }
    }
}
