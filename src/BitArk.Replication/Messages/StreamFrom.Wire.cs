namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40      48     56            64
///  | nonce | from | written lsn |
///  | i64   | i64  | i64         |
/// </code>
/// </content>
public sealed partial record StreamFrom
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.StreamFrom;

    /// <inheritdoc/>
    internal override int BodySize => 24;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Int64(Nonce);
        into.Lsn(From);
        into.Lsn(WrittenLsn);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static StreamFrom ReadBody(in WireHeader header, ref WireReader from)
    {
        return new StreamFrom(header.Cluster, header.Partition, header.Epoch, from.Int64(), from.Lsn(), from.Lsn());
    }
}
