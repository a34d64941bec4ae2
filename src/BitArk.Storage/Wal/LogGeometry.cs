using System.Globalization;

namespace BitArk.Storage.Wal;

/// <summary>
/// Where things lie in a log whose segments have <see cref="SegmentBytes"/> bytes: 64 bytes of header, then records at
/// multiples of 8. Every position has exactly one spelling: the end of a segment, and a rest too small for a record's
/// header, are written as the first position of the next segment.
/// </summary>
public readonly record struct LogGeometry
{
    /// <summary>The smallest segment, 64 KiB.</summary>
    public const long MinSegmentBytes = 64 * 1024;

    /// <summary>The largest segment, 1 GiB.</summary>
    public const long MaxSegmentBytes = 1L << 30;

    private const int LargestRecordBytes = 480 * 1024;
    private const int SegmentGranularity = 4096;

    /// <summary>Checks the size: 64 KiB … 1 GiB, a multiple of 4096.</summary>
    public LogGeometry(long segmentBytes)
    {
        if (!IsValid(segmentBytes))
        {
            throw new ArgumentOutOfRangeException(
                nameof(segmentBytes), segmentBytes, "A segment has 64 KiB to 1 GiB, in multiples of 4096 bytes.");
        }

        SegmentBytes = segmentBytes;
    }

    /// <summary>The size of every segment file.</summary>
    public long SegmentBytes { get; }

    /// <summary>The largest record, header included: 480 KiB, or half of a small segment.</summary>
    public int MaxRecordBytes => (int)Math.Min(LargestRecordBytes, (SegmentBytes - SegmentHeader.Size) / 2);

    /// <summary>The largest payload of a record.</summary>
    public int MaxPayloadBytes => MaxRecordBytes - RecordHeader.Size;

    /// <summary>Where the first record of any log begins.</summary>
    public Lsn Origin => FirstPosition(0);

    /// <summary>Whether segments may have this size.</summary>
    public static bool IsValid(long segmentBytes) =>
        segmentBytes is >= MinSegmentBytes and <= MaxSegmentBytes && segmentBytes % SegmentGranularity == 0;

    /// <summary>The room a record of <paramref name="length"/> bytes takes: rounded up to a multiple of 8.</summary>
    public static int Align(int length) => (length + 7) & ~7;

    /// <summary>Where the first record of a segment begins.</summary>
    public Lsn FirstPosition(long segmentIndex) => new(checked((segmentIndex * SegmentBytes) + SegmentHeader.Size));

    /// <summary>The index of the segment that holds a position.</summary>
    public long SegmentIndex(Lsn lsn) => lsn.SegmentIndex(SegmentBytes);

    /// <summary>The offset of a position in its segment's file.</summary>
    public long SegmentOffset(Lsn lsn) => lsn.SegmentOffset(SegmentBytes);

    /// <summary>The bytes from a position to the end of its segment.</summary>
    public long RestOfSegment(Lsn lsn) => SegmentBytes - SegmentOffset(lsn);

    /// <summary>The one spelling of a position.</summary>
    public Lsn Normalise(Lsn lsn)
    {
        var offset = SegmentOffset(lsn);
        if (offset < SegmentHeader.Size)
            return FirstPosition(SegmentIndex(lsn));
        return SegmentBytes - offset < RecordHeader.Size ? FirstPosition(SegmentIndex(lsn) + 1) : lsn;
    }

    /// <summary>Whether a position is spelled the one way and aligned, so that a record can begin there.</summary>
    public bool IsPosition(Lsn lsn) => lsn.Value > 0 && lsn.Value % 8 == 0 && Normalise(lsn) == lsn;

    /// <summary>The file name of a segment: its index as 16 hex digits, <c>.wal</c>.</summary>
    public static string SegmentName(long segmentIndex) =>
        string.Create(CultureInfo.InvariantCulture, $"{segmentIndex:x16}{WalFileNames.SegmentSuffix}");
}
