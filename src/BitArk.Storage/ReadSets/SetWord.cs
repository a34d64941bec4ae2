namespace BitArk.Storage.ReadSets;

/// <summary>
/// The eight bytes of a read set that live in its table entry.
/// <code>
/// 0                                        the empty set (its entry does not exist)
/// bit 63 = 0                               cursor: exactly {1..N}, N = the word
/// bit 63 = 1 | 60..62 form | 58..59 width | 56..57 origin | 40..55 items | 0..39 block reference
/// </code>
/// Width, origin and items describe the list forms and are zero for a directory. Origin says what the items count from:
/// 0 an id that the block begins with, 1 id 0, 2 id 1; the usual ones cost neither bytes nor a trip to memory. Words that no writer makes (a reader may see
/// one while its entry is being replaced) read as the empty set.
/// </summary>
internal static class SetWord
{
    public const ulong Empty = 0;

    private const ulong FormFlag = 1UL << 63;
    private const ulong ReferenceMask = (1UL << 40) - 1;
    private const int ItemsMask = (1 << 16) - 1;
    private const int StoredOrigin = 0;

    public static bool IsCursor(ulong word) => (long)word >= 0;

    public static SetForm Form(ulong word) => (SetForm)((word >> 60) & 7);

    public static ItemWidth Width(ulong word) => (ItemWidth)((word >> 58) & 3);

    public static int Items(ulong word) => (int)(word >> 40) & ItemsMask;

    public static long Reference(ulong word) => (long)(word & ReferenceMask);

    public static ulong Cursor(long last) => (ulong)last;

    /// <summary>Whether the block begins with the id that its items count from.</summary>
    public static bool HasStoredOrigin(ulong word) => OriginCode(word) == StoredOrigin;

    /// <summary>The id that the items count from, where it is not stored.</summary>
    public static long KnownOrigin(ulong word) => OriginCode(word) - 1;

    public static bool IsKnownOrigin(long origin) => origin is 0 or 1;

    public static ulong List(SetForm form, ItemWidth width, long origin, int items, long reference)
    {
        int code = IsKnownOrigin(origin) ? (int)origin + 1 : StoredOrigin;
        return FormFlag | ((ulong)form << 60) | ((ulong)width << 58) | ((ulong)(uint)code << 56) | ((ulong)(uint)items << 40) | (ulong)reference;
    }

    /// <summary>The same list with another number of items, perhaps elsewhere.</summary>
    public static ulong WithItems(ulong word, int items, long reference) =>
        (word & ~(((ulong)ItemsMask << 40) | ReferenceMask)) | ((ulong)(uint)items << 40) | (ulong)reference;

    public static ulong Directory(long reference) => FormFlag | ((ulong)SetForm.Directory << 60) | (ulong)reference;

    private static int OriginCode(ulong word) => (int)(word >> 56) & 3;
}

/// <summary>How a set that is no cursor keeps its ids.</summary>
internal enum SetForm
{
    /// <summary>One block: the ids themselves, ascending.</summary>
    Values = 1,

    /// <summary>One block: the ids missing from one range that starts at the base; the last item is that range's end, exclusive.</summary>
    Holes = 2,

    /// <summary>One block: where runs begin and end (exclusive), alternating.</summary>
    Bounds = 3,

    /// <summary>A block of entries, one for each 2^16 ids or for a span of them, with blocks of their own.</summary>
    Directory = 4,
}

/// <summary>Bytes of an item in a list form: 2, 4 or 8.</summary>
internal enum ItemWidth
{
    Two = 0,
    Four = 1,
    Eight = 2,
}
