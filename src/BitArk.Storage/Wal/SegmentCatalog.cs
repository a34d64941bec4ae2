using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>The segment files of a directory, each header read and checked; nothing is changed by looking.</summary>
internal sealed class SegmentCatalog
{
    private readonly List<long> _indices;

    private SegmentCatalog(string directory, List<long> indices)
    {
        Directory = directory;
        _indices = indices;
    }

    public string Directory { get; }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<long> Indices => _indices;

    public bool IsEmpty => _indices.Count == 0;

    public bool Contains(long index) => _indices.BinarySearch(index) >= 0;

    public string PathOf(long index) => System.IO.Path.Combine(Directory, LogGeometry.SegmentName(index));

    /// <summary>Lists and checks the segments of one log.</summary>
    /// <exception cref="WalCorruptException">A header is unreadable or another log's.</exception>
    /// <exception cref="WalUnsupportedException">A newer version wrote one.</exception>
    public static SegmentCatalog Read(IDisk disk, string directory, ClusterId cluster, PartitionId partition, LogGeometry geometry)
    {
        var indices = new List<long>();
        foreach (var name in disk.ListFiles(directory))
        {
            if (!WalFileNames.TryParseSegment(name, out var index))
                continue;
            var path = System.IO.Path.Combine(directory, name);
            var header = ReadHeader(disk, path, geometry.FirstPosition(index), out var length);
            if (FindContradiction(header, index, length, cluster, partition, geometry) is { } reason)
                throw new WalCorruptException(path, 0, geometry.FirstPosition(index), reason);
            indices.Add(index);
        }

        indices.Sort();
        return new SegmentCatalog(directory, indices);
    }

    /// <summary>Reads one header; throws when it is unreadable or too new.</summary>
    public static SegmentHeader ReadHeader(IDisk disk, string path, Lsn first, out long length)
    {
        using var file = disk.Open(path, DiskOpenMode.Read);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        var read = file.Read(0, bytes);
        length = file.Length;
        if (!SegmentHeader.TryRead(bytes[..read], out var header, out var reason))
            throw new WalCorruptException(path, 0, first, reason);
        if (header.MinCompatibleVersion > WalVersions.Format)
        {
            throw new WalUnsupportedException(
                path, 0, first, $"the segment needs format version {header.MinCompatibleVersion}; this is version {WalVersions.Format}");
        }

        return header;
    }

    /// <summary>The size of the segments in a directory, from the first one's header; null when there is none.</summary>
    public static LogGeometry? FindGeometry(IDisk disk, string directory)
    {
        foreach (var name in disk.ListFiles(directory))
        {
            if (WalFileNames.TryParseSegment(name, out _))
                return new LogGeometry(ReadHeader(disk, System.IO.Path.Combine(directory, name), Lsn.Zero, out _).SegmentBytes);
        }

        return null;
    }

    /// <summary>The same catalog without the segments for which <paramref name="gone"/> holds.</summary>
    public SegmentCatalog Without(Predicate<long> gone) => new(Directory, Indices.Where(index => !gone(index)).ToList());

    private static string? FindContradiction(
        in SegmentHeader header, long index, long length, ClusterId cluster, PartitionId partition, LogGeometry geometry)
    {
        if (header.Cluster != cluster)
            return $"the segment belongs to cluster {header.Cluster}, this is cluster {cluster}";
        if (header.Partition != partition)
            return $"the segment belongs to partition {header.Partition}, this is partition {partition}";
        if (header.SegmentBytes != geometry.SegmentBytes)
            return $"the segment size is {header.SegmentBytes} bytes, this log's is {geometry.SegmentBytes}";
        if (header.SegmentIndex != index)
            return $"the header says segment {header.SegmentIndex}, the file name says {index}";
        return length == header.SegmentBytes ? null : $"the file has {length} bytes instead of {header.SegmentBytes}";
    }
}
