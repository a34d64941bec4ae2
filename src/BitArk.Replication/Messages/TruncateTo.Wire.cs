namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40      48     56           64
///  | nonce | to   | keep epoch |
///  | i64   | i64  | i64        |
/// </code>
/// </content>
public sealed partial record TruncateTo
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.TruncateTo;

    /// <inheritdoc/>
    internal override int BodySize => 24;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Int64(Nonce);
        into.Lsn(To);
        into.Epoch(KeepEpoch);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static TruncateTo ReadBody(in WireHeader header, ref WireReader from)
    {
        return new TruncateTo(header.Cluster, header.Partition, header.Epoch, from.Int64(), from.Lsn(), from.Epoch());
    }
}
