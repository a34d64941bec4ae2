namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40      48       49
///  | nonce | length | leader, ASCII; empty: not known
///  | i64   | u8     |
/// </code>
/// </content>
public sealed partial record WrongEpoch
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.WrongEpoch;

    /// <inheritdoc/>
    internal override int BodySize => 9 + (Leader?.Name.Length ?? 0);

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Int64(Nonce);
        into.Text(Leader?.Name ?? string.Empty);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static WrongEpoch ReadBody(in WireHeader header, ref WireReader from)
    {
        return new WrongEpoch(header.Cluster, header.Partition, header.Epoch, from.Int64(), from.OptionalNode());
    }
}
