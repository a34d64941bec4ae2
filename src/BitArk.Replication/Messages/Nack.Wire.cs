namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40            48            49       50
///  | expectedLsn | was damaged | length | from, ASCII
///  | i64         | 0 or 1      | u8     |
/// </code>
/// </content>
public sealed partial record Nack
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.Nack;

    /// <inheritdoc/>
    internal override int BodySize => 10 + From.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.Lsn(ExpectedLsn);
        into.Flag(WasDamaged);
        into.Text(From.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static Nack ReadBody(in WireHeader header, ref WireReader from)
    {
        var expected = from.Lsn();
        var wasDamaged = from.Flag();
        return new Nack(header.Cluster, header.Partition, header.Epoch, from.Node(), expected, wasDamaged);
    }
}
