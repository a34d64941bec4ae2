namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40         56       57
///  | proposer | length | from, ASCII
///  | u8 x 16  | u8     |
/// </code>
/// </content>
public sealed partial record Prepare
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.Prepare;

    /// <inheritdoc/>
    internal override int BodySize => 17 + From.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Guid(Proposer);
        into.Text(From.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static Prepare ReadBody(in WireHeader header, ref WireReader from)
    {
        return new Prepare(header.Cluster, header.Partition, header.Epoch, from.Guid(), from.Node());
    }
}
