namespace BitArk.Storage.ReadSets;

/// <summary>The figures of a chunk from which the size of every way to keep it follows.</summary>
/// <param name="Cardinality">Members, 0 … 65536.</param>
/// <param name="Runs">Runs of members, 0 … 32768.</param>
/// <param name="Edge">Whether offset 65535 is a member.</param>
internal readonly record struct ChunkShape(int Cardinality, int Runs, bool Edge)
{
    private const int BitmapItems = ChunkBits.Bytes / sizeof(ushort);

    /// <summary>Items that a list kind (block or inline) takes; for a bitmap its size in such items.</summary>
    public int Items(ChunkKind kind) => kind switch
    {
        ChunkKind.Values or ChunkKind.InlineValues => Cardinality,
        ChunkKind.Holes or ChunkKind.InlineHoles => ChunkEntry.Ids - Cardinality,
        ChunkKind.Bounds or ChunkKind.InlineBounds => Math.Max(0, (2 * Runs) - (Edge ? 1 : 0)),
        ChunkKind.Bitmap => BitmapItems,
        _ => 0,
    };

    /// <summary>Bytes of the block that a kind takes.</summary>
    public int BlockBytes(ChunkKind kind) => Items(kind) * sizeof(ushort);

    /// <summary>The kind to keep a chunk in that is neither empty nor full. The current kind stays until another is a fifth smaller, so that a set at a threshold does not flap.</summary>
    public ChunkKind Choose(ChunkKind current)
    {
        ChunkKind best = Items(ChunkKind.Values) <= Items(ChunkKind.Bounds) ? ChunkKind.Values : ChunkKind.Bounds;
        best = Items(ChunkKind.Holes) < Items(best) ? ChunkKind.Holes : best;
        int items = Items(best);
        if (items <= ChunkEntry.InlineItems)
        {
            return current >= ChunkKind.InlineValues && Items(current) <= ChunkEntry.InlineItems ? current : best + (ChunkKind.InlineValues - ChunkKind.Values);
        }

        if (items >= BitmapItems)
        {
            return ChunkKind.Bitmap;
        }

        bool hasBlock = current is >= ChunkKind.Bitmap and < ChunkKind.InlineValues;
        return hasBlock && Items(current) <= BitmapItems && Items(current) * 4 <= items * 5 ? current : best;
    }

    /// <summary>The shape after one offset joined or left, whose neighbours' membership is given.</summary>
    public ChunkShape Toggled(bool add, bool left, bool right, bool isLast)
    {
        int joined = 1 - (left ? 1 : 0) - (right ? 1 : 0);
        return new ChunkShape(Cardinality + (add ? 1 : -1), Runs + (add ? joined : -joined), isLast ? add : Edge);
    }
}
