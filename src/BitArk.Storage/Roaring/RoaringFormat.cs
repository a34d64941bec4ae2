namespace BitArk.Storage.Roaring;

/// <summary>
/// The portable Roaring format (RoaringBitmap/RoaringFormatSpec), little endian:
/// <code>
/// 64-bit    buckets u64 | per bucket, ascending: high half u32 | a 32-bit bitmap
/// 32-bit    cookie u32 (12346) | containers u32                                      without runs
///           cookie u16 (12347) | containers - 1 u16 | one bit per container: is runs with runs
///           per container: key u16 | cardinality - 1 u16
///           per container: offset u32 from the cookie                                without runs, or 4 containers and more
///           containers
/// array     ascending u16, cardinality of them                                       cardinality &lt;= 4096
/// bitmap    1024 x u64                                                               cardinality &gt; 4096
/// runs      count u16 | per run: start u16 | length - 1 u16
/// </code>
/// </summary>
internal static class RoaringFormat
{
    public const uint CookieWithoutRuns = 12346;
    public const ushort CookieWithRuns = 12347;

    /// <summary>A bitmap with runs and fewer containers than this has no offsets.</summary>
    public const int OffsetsFromContainers = 4;

    /// <summary>The largest array; more members make a bitmap.</summary>
    public const int MaxArray = 4096;

    public const int ContainerIds = 1 << 16;
    public const int MaxContainers = 1 << 16;

    /// <summary>The least a container takes, its part of the header included.</summary>
    public const int MinContainerBytes = 6;
    public const int BitmapBytes = ContainerIds / 8;
    public const int BitmapWords = ContainerIds / 64;
}
