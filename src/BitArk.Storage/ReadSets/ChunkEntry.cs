using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// What a directory knows of one chunk of 2^16 ids, or of a span of full ones. Sixteen bytes:
/// <code>
/// word 0   key 17..63 | kind 14..16 | detail 0..13
/// word 1   span:    number of chunks
///          inline:  up to four items of 2 bytes
///          block:   edge 58 | runs, high bits 56..57 | cardinality 40..55 | block reference 0..39
/// </code>
/// Detail is the number of inline items, or the low 14 bits of the number of runs. Edge: offset 65535 is a member, so
/// the last run's end is implied in a list of bounds. Entries sort by word 0.
/// </summary>
internal readonly struct ChunkEntry
{
    /// <summary>Ids of a chunk.</summary>
    public const int Ids = 1 << 16;

    /// <summary>Items that an entry holds without a block.</summary>
    public const int InlineItems = 4;

    private const int DetailBits = 14;
    private const ulong DetailMask = (1 << DetailBits) - 1;
    private const ulong ReferenceMask = (1UL << 40) - 1;
    private const ulong EdgeFlag = 1UL << 58;

    private readonly ulong _word0;
    private readonly ulong _word1;

    private ChunkEntry(long key, ChunkKind kind, int detail, ulong word1)
    {
        _word0 = ((ulong)key << 17) | ((ulong)kind << DetailBits) | ((ulong)(uint)detail & DetailMask);
        _word1 = word1;
    }

    public long Key => (long)(_word0 >> 17);

    public ChunkKind Kind => (ChunkKind)((_word0 >> DetailBits) & 7);

    public bool IsInline => Kind >= ChunkKind.InlineValues;

    public int InlineCount => (int)Math.Min(_word0 & DetailMask, InlineItems);

    /// <summary>Full chunks from <see cref="Key"/> on.</summary>
    public long SpanChunks => (long)(_word1 & (long.MaxValue >> 16));

    public long Reference => (long)(_word1 & ReferenceMask);

    public ChunkShape Shape => new(
        (int)(_word1 >> 40) & 0xFFFF,
        (int)((_word0 & DetailMask) | (((_word1 >> 56) & 3) << DetailBits)),
        (_word1 & EdgeFlag) != 0);

    public static ChunkEntry Span(long key, long chunks) => new(key, ChunkKind.Span, 0, (ulong)chunks);

    public static ChunkEntry Inline(long key, ChunkKind kind, int count, ulong items) => new(key, kind, count, items);

    public static ChunkEntry Block(long key, ChunkKind kind, ChunkShape shape, long reference) => new(
        key,
        kind,
        shape.Runs,
        ((ulong)reference & ReferenceMask) | ((ulong)shape.Cardinality << 40) | ((ulong)(shape.Runs >> DetailBits) << 56) | (shape.Edge ? EdgeFlag : 0));

    /// <summary>The list behind an inline or list kind. Inline items are in the entry itself: it has to stay where it is (a local, not a field).</summary>
    public static unsafe OffsetList<ushort> List(Slab slab, ChunkEntry* entry)
    {
        ChunkKind kind = entry->Kind;
        if (entry->IsInline)
        {
            return new OffsetList<ushort>(FormOf(kind), (ushort*)&entry->_word1, entry->InlineCount, Ids);
        }

        ushort* items = (ushort*)slab.Resolve(entry->Reference, out int available);
        return new OffsetList<ushort>(FormOf(kind), items, Math.Min(entry->Shape.Items(kind), available / sizeof(ushort)), Ids);
    }

    private static SetForm FormOf(ChunkKind kind) => kind switch
    {
        ChunkKind.Values or ChunkKind.InlineValues => SetForm.Values,
        ChunkKind.Holes or ChunkKind.InlineHoles => SetForm.Holes,
        _ => SetForm.Bounds,
    };
}

/// <summary>How a chunk is kept. The list kinds are those of <see cref="SetForm"/>, with items of 2 bytes.</summary>
internal enum ChunkKind
{
    /// <summary>One or more full chunks; no block.</summary>
    Span = 0,

    /// <summary>8 KiB, one bit for each id.</summary>
    Bitmap = 1,
    Values = 2,
    Holes = 3,
    Bounds = 4,
    InlineValues = 5,
    InlineHoles = 6,
    InlineBounds = 7,
}
