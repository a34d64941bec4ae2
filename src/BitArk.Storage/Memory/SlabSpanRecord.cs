using System.Buffers.Binary;

namespace BitArk.Storage.Memory;

/// <summary>
/// One span of a slab as the geometry of a snapshot describes it. The chain of its free blocks is in the captured bytes.
/// <code>
///  0        4        8          10     12        14     16
/// | first  | pages  | sizeClass | used | touched | free | bytes |
/// </code>
/// </summary>
internal static class SlabSpanRecord
{
    public const int Size = 20;

    public static void Write(Span<byte> into, in SlabPage page)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, page.First);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], page.Pages);
        BinaryPrimitives.WriteUInt16LittleEndian(into[8..], page.SizeClass);
        BinaryPrimitives.WriteUInt16LittleEndian(into[10..], page.Used);
        BinaryPrimitives.WriteUInt16LittleEndian(into[12..], page.Touched);
        BinaryPrimitives.WriteUInt16LittleEndian(into[14..], page.Free);
        BinaryPrimitives.WriteInt32LittleEndian(into[16..], page.Bytes);
    }

    /// <summary>Reads a record and checks that it describes a span that can exist.</summary>
    public static SlabPage Read(ReadOnlySpan<byte> from)
    {
        var page = new SlabPage
        {
            First = BinaryPrimitives.ReadInt32LittleEndian(from),
            Pages = BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
            SizeClass = BinaryPrimitives.ReadUInt16LittleEndian(from[8..]),
            Used = BinaryPrimitives.ReadUInt16LittleEndian(from[10..]),
            Touched = BinaryPrimitives.ReadUInt16LittleEndian(from[12..]),
            Free = BinaryPrimitives.ReadUInt16LittleEndian(from[14..]),
            Bytes = BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
        };
        return IsPossible(page) ? page : throw GeometryReader.Invalid($"the span at page {page.First} is impossible");
    }

    private static bool IsPossible(in SlabPage page)
    {
        if (page.First < 1 || page.Pages < 1)
        {
            return false;
        }

        if (page.SizeClass == SlabPage.Alone)
        {
            return page.Used == 1 && page.Bytes > 0 && page.Bytes <= (long)page.Pages * Slab.PageBytes;
        }

        return page.SizeClass < SizeClasses.Count
            && page.Pages == Slab.PagesOfSpan(page.SizeClass)
            && page.Touched <= Slab.CapacityOf(page.Pages, SizeClasses.SizeOf(page.SizeClass))
            && page.Used <= page.Touched
            && (page.Free == SlabPage.NoBlock || page.Free < page.Touched);
    }
}
