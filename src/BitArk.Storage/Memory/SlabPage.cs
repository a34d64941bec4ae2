namespace BitArk.Storage.Memory;

/// <summary>What the writer knows about one 64-KiB page of a <see cref="Slab"/>. The first page of a span speaks for all of it.</summary>
internal struct SlabPage
{
    /// <summary>The class of a block that has its span for itself.</summary>
    public const ushort Alone = 0xFFFE;

    /// <summary>The end of a chain of free blocks.</summary>
    public const ushort NoBlock = 0xFFFF;

    /// <summary>Size class of the span's blocks, or <see cref="Alone"/>.</summary>
    public ushort SizeClass;

    /// <summary>Live blocks.</summary>
    public ushort Used;

    /// <summary>Blocks handed out at least once; those behind were never touched.</summary>
    public ushort Touched;

    /// <summary>First block of the chain of free ones.</summary>
    public ushort Free;

    /// <summary>Pages of the span, 0 when the page is not in use.</summary>
    public int Pages;

    /// <summary>Index of the span's first page.</summary>
    public int First;

    /// <summary>Bytes of a block that stands alone.</summary>
    public int Bytes;

    /// <summary>Neighbours in the list of spans with free blocks, as index + 1; 0 ends it.</summary>
    public int Next;

    /// <inheritdoc cref="Next"/>
    public int Previous;
}
