namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40      48           56           64        65       66
///  | nonce | last epoch | writtenLsn | damaged | length | from, ASCII
///  | i64   | i64        | i64        | 0 or 1  | u8     |
/// </code>
/// </content>
public sealed partial record PullFrom
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.PullFrom;

    /// <inheritdoc/>
    internal override int BodySize => 26 + From.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Int64(Nonce);
        into.Epoch(LastEpoch);
        into.Lsn(WrittenLsn);
        into.Flag(IsDamaged);
        into.Text(From.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static PullFrom ReadBody(in WireHeader header, ref WireReader from)
    {
        var nonce = from.Int64();
        var lastEpoch = from.Epoch();
        var writtenLsn = from.Lsn();
        var isDamaged = from.Flag();
        return new PullFrom(header.Cluster, header.Partition, header.Epoch, nonce, from.Node(), lastEpoch, writtenLsn, isDamaged);
    }
}
