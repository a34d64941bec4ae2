namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40         56         64        65       66
///  | proposer | promised | damaged | length | from, ASCII
///  | u8 x 16  | i64      | 0 or 1  | u8     |
/// </code>
/// </content>
public sealed partial record PrepareRefused
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.PrepareRefused;

    /// <inheritdoc/>
    internal override int BodySize => 26 + From.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Guid(Proposer);
        into.Epoch(Promised);
        into.Flag(IsDamaged);
        into.Text(From.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static PrepareRefused ReadBody(in WireHeader header, ref WireReader from)
    {
        var proposer = from.Guid();
        var promised = from.Epoch();
        var isDamaged = from.Flag();
        return new PrepareRefused(header.Cluster, header.Partition, header.Epoch, proposer, from.Node(), promised, isDamaged);
    }
}
