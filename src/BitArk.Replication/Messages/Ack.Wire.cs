namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40           41           49               57                65               73            81              89        90        91       92
///  | is matched | matchedLsn | lastAppliedLsn | heartbeat nonce | minRetainedLsn | snapshotLsn | sync progress | damaged | learner | length | from, ASCII
///  | 0 or 1     | i64        | i64            | i64             | i64            | i64         | f64           | 0 or 1  | 0 or 1  | u8     |
/// </code>
/// Version 2. Where nothing is matched, matchedLsn is 0.
/// </content>
public sealed partial record Ack
{
    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.Ack;

    /// <inheritdoc/>
    internal override int BodySize => 52 + From.Name.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        into.OptionalLsn(MatchedLsn);
        into.Lsn(LastAppliedLsn);
        into.Int64(HeartbeatNonce);
        into.Lsn(MinRetainedLsn);
        into.Lsn(SnapshotLsn);
        into.Int64(BitConverter.DoubleToInt64Bits(SyncProgress));
        into.Flag(IsDamaged);
        into.Flag(IsLearner);
        into.Text(From.Name);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static Ack ReadBody(in WireHeader header, ref WireReader from)
    {
        var matched = from.OptionalLsn();
        var applied = from.Lsn();
        var nonce = from.Int64();
        var minRetained = from.Lsn();
        var snapshot = from.Lsn();
        var progress = from.Double();
        var isDamaged = from.Flag();
        var isLearner = from.Flag();
        return new Ack(header.Cluster, header.Partition, header.Epoch, from.Node(), matched, applied, nonce, minRetained, snapshot, progress, isDamaged, isLearner);
    }
}
