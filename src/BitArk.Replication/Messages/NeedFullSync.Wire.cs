namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40      48            56               64       65
///  | nonce | snapshotLsn | snapshot bytes | length | source, ASCII
///  | i64   | i64         | i64            | u8     |
/// </code>
/// </content>
public sealed partial record NeedFullSync
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.NeedFullSync;

    /// <inheritdoc/>
    internal override int BodySize => 25 + Source.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Int64(Nonce);
        into.Lsn(SnapshotLsn);
        into.Int64(SnapshotBytes);
        into.Text(Source);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static NeedFullSync ReadBody(in WireHeader header, ref WireReader from)
    {
        return new NeedFullSync(header.Cluster, header.Partition, header.Epoch, from.Int64(), from.Lsn(), from.Count("size"), from.Text(1, byte.MaxValue));
    }
}
