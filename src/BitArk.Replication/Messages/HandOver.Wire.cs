namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40       41
///  | length | to, ASCII
///  | u8     |
/// </code>
/// </content>
public sealed partial record HandOver
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.HandOver;

    /// <inheritdoc/>
    internal override int BodySize => 1 + To.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into) => into.Text(To.Name);

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static HandOver ReadBody(in WireHeader header, ref WireReader from)
    {
        return new HandOver(header.Cluster, header.Partition, header.Epoch, from.Node());
    }
}
