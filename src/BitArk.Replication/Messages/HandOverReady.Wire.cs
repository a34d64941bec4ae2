namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40       41            41 + n   42 + n
///  | length | from, ASCII | length | to, ASCII
///  | u8     | n           | u8     |
/// </code>
/// </content>
public sealed partial record HandOverReady
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.HandOverReady;

    /// <inheritdoc/>
    internal override int BodySize => 2 + From.Name.Length + To.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Text(From.Name);
        into.Text(To.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static HandOverReady ReadBody(in WireHeader header, ref WireReader from)
    {
        return new HandOverReady(header.Cluster, header.Partition, header.Epoch, from.Node(), from.Node());
    }
}
