namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40         56           64           72          80       81
///  | proposer | last epoch | writtenLsn | lease, us | length | from, ASCII
///  | u8 x 16  | i64        | i64        | i64       | u8     |
/// </code>
/// </content>
public sealed partial record Promise
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.Promise;

    /// <inheritdoc/>
    internal override int BodySize => 41 + From.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Guid(Proposer);
        into.Epoch(LastEpoch);
        into.Lsn(WrittenLsn);
        into.Lease(Lease);
        into.Text(From.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static Promise ReadBody(in WireHeader header, ref WireReader from)
    {
        var proposer = from.Guid();
        var lastEpoch = from.Epoch();
        var writtenLsn = from.Lsn();
        var lease = from.Lease();
        return new Promise(header.Cluster, header.Partition, header.Epoch, proposer, from.Node(), lastEpoch, writtenLsn, lease);
    }
}
