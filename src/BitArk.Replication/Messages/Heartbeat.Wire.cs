namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40      48           56          64               72          80       81
///  | nonce | writtenLsn | commitLsn | retained floor | lease, us | length | leader, ASCII
///  | i64   | i64        | i64       | i64            | i64       | u8     |
/// </code>
/// </content>
public sealed partial record Heartbeat
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.Heartbeat;

    /// <inheritdoc/>
    internal override int BodySize => 41 + Leader.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Int64(Nonce);
        into.Lsn(WrittenLsn);
        into.Lsn(CommitLsn);
        into.Lsn(RetainedFloor);
        into.Lease(Lease);
        into.Text(Leader.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static Heartbeat ReadBody(in WireHeader header, ref WireReader from)
    {
        var nonce = from.Int64();
        var writtenLsn = from.Lsn();
        var commitLsn = from.Lsn();
        var floor = from.Lsn();
        var lease = from.Lease();
        return new Heartbeat(header.Cluster, header.Partition, header.Epoch, nonce, from.Node(), writtenLsn, commitLsn, floor, lease);
    }
}
