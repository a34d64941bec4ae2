using System.Globalization;

namespace BitArk.Chaos.Clusters;

/// <summary>Compares the log files of stopped replicas, byte for byte behind the segment headers. A missing file reads as zeros: spares come and go.</summary>
internal static class LogComparison
{
    private const int HeaderBytes = 64;
    private const string SegmentName = "x16";

    /// <summary>Compares one partition's logs from a position that all of them still have.</summary>
    /// <returns>How many bytes with content were equal, and where they first differ; null: nowhere.</returns>
    public static (long Bytes, string? Difference) Compare(IReadOnlyList<Member> members, int partition, int segmentBytes, long from)
    {
        Dictionary<long, string>[] segments = [.. members.Select(member => member.Files(partition, "wal", "*.wal").ToDictionary(Index))];
        long first = Math.Max(from / segmentBytes, segments.Max(files => files.Keys.Min()));
        long last = segments.Max(files => files.Keys.Max());
        long bytes = 0;
        for (long index = first; index <= last; index++)
        {
            byte[][] contents = [.. segments.Select(files => files.TryGetValue(index, out string? path) ? File.ReadAllBytes(path) : new byte[segmentBytes])];
            int begin = (int)Math.Max(HeaderBytes, from - (index * segmentBytes));
            for (int other = 1; other < contents.Length; other++)
            {
                int equal = contents[0].AsSpan(begin).CommonPrefixLength(contents[other].AsSpan(begin));
                if (begin + equal < segmentBytes)
                    return (bytes, $"partition {partition}: the logs of {members[0].Name} and {members[other].Name} differ in segment {index.ToString(SegmentName, CultureInfo.InvariantCulture)} at 0x{begin + equal:X}");
            }

            bytes += Math.Max(0, Array.FindLastIndex(contents[0], value => value != 0) + 1 - begin);
        }

        return (bytes, null);
    }

    private static long Index(string path) => long.Parse(Path.GetFileNameWithoutExtension(path), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
