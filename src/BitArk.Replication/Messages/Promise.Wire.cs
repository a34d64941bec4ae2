using BitArk.Replication.Failover;

namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40         56           64           72          80         88         96       97
///  | proposer | last epoch | writtenLsn | lease, us | lease of | given up | length | from, ASCII
///  | u8 x 16  | i64        | i64        | i64       | i64      | i64      | u8     |
/// </code>
/// </content>
public sealed partial record Promise
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.Promise;

    /// <inheritdoc/>
    internal override int BodySize => 57 + From.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Guid(Proposer);
        into.Epoch(LastEpoch);
        into.Lsn(WrittenLsn);
        into.Lease(Lease.Remaining);
        into.Epoch(Lease.To);
        into.Epoch(GivenUp);
        into.Text(From.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static Promise ReadBody(in WireHeader header, ref WireReader from)
    {
        var proposer = from.Guid();
        var lastEpoch = from.Epoch();
        var writtenLsn = from.Lsn();
        var lease = new RunningLease(from.Lease(), from.Epoch());
        var givenUp = from.Epoch();
        return new Promise(header.Cluster, header.Partition, header.Epoch, proposer, from.Node(), lastEpoch, writtenLsn, lease, givenUp);
    }
}
