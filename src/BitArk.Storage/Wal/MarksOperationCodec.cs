namespace BitArk.Storage.Wal;

/// <summary>
/// One operation in a Marks payload: a tag and then LEB128 numbers.
/// <code>
///  | tag u8 | [namespace] | user | channel | from | [to - from] |
///  tag bit 0: 0 mark, 1 unmark · bit 1: a namespace other than 0 follows · bit 2: one id only, to = from · bits 3 … 7: zero
/// </code>
/// Every operation has exactly one spelling.
/// </summary>
internal static class MarksOperationCodec
{
    /// <summary>Tag, and three numbers of one byte.</summary>
    public const int MinSize = 4;

    /// <summary>Tag, a namespace of 3 bytes, four numbers of 9.</summary>
    public const int MaxSize = 1 + 3 + (4 * Varint.MaxSize);

    private const int UnmarkBit = 1;
    private const int NamespaceBit = 2;
    private const int SingleBit = 4;

    public static int SizeOf(in MarkOperation operation)
    {
        var size = 1 + Varint.SizeOf(operation.User.Value) + Varint.SizeOf(operation.Channel.Value) + Varint.SizeOf(operation.Range.From);
        if (operation.Namespace.Value != 0)
            size += Varint.SizeOf(operation.Namespace.Value);
        if (operation.Range.To != operation.Range.From)
            size += Varint.SizeOf(operation.Range.To - operation.Range.From);
        return size;
    }

    public static int Write(Span<byte> into, in MarkOperation operation)
    {
        var isSingle = operation.Range.To == operation.Range.From;
        into[0] = (byte)(
            (operation.Kind == OperationKind.Unmark ? UnmarkBit : 0)
            | (operation.Namespace.Value != 0 ? NamespaceBit : 0)
            | (isSingle ? SingleBit : 0));
        var at = 1;
        if (operation.Namespace.Value != 0)
            at += Varint.Write(into[at..], operation.Namespace.Value);
        at += Varint.Write(into[at..], operation.User.Value);
        at += Varint.Write(into[at..], operation.Channel.Value);
        at += Varint.Write(into[at..], operation.Range.From);
        if (!isSingle)
            at += Varint.Write(into[at..], operation.Range.To - operation.Range.From);
        return at;
    }

    /// <summary>Reads an operation and moves <paramref name="at"/> behind it; false when it is not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, ref int at, out MarkOperation operation)
    {
        operation = default;
        if ((uint)at >= (uint)from.Length)
            return false;
        var tag = from[at++];
        if (tag > (UnmarkBit | NamespaceBit | SingleBit))
            return false;

        long space = 0, span = 0;
        if ((tag & NamespaceBit) != 0 && (!Varint.TryRead(from, ref at, out space) || space is 0 or > ushort.MaxValue))
            return false;
        if (!Varint.TryRead(from, ref at, out var user) || !Varint.TryRead(from, ref at, out var channel) || !Varint.TryRead(from, ref at, out var first))
            return false;
        if ((tag & SingleBit) == 0 && (!Varint.TryRead(from, ref at, out span) || span == 0))
            return false;
        if (user > Ids.Max || channel > Ids.Max || first > Ids.Max || span > Ids.Max - first)
            return false;

        operation = new MarkOperation(
            (OperationKind)(tag & UnmarkBit),
            new NamespaceId((ushort)space),
            new UserId(user),
            new ChannelId(channel),
            new MessageRange(first, first + span));
        return true;
    }
}
