namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40         56          64       65
///  | proposer | lease, us | length | leader, ASCII
///  | u8 x 16  | i64       | u8     |
/// </code>
/// </content>
public sealed partial record Lead
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.Lead;

    /// <inheritdoc/>
    internal override int BodySize => 25 + Leader.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Guid(Proposer);
        into.Lease(Lease);
        into.Text(Leader.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static Lead ReadBody(in WireHeader header, ref WireReader from)
    {
        var proposer = from.Guid();
        var lease = from.Lease();
        return new Lead(header.Cluster, header.Partition, header.Epoch, proposer, from.Node(), lease);
    }
}
