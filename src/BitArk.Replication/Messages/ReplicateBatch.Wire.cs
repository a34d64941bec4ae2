namespace BitArk.Replication.Messages;

/// <content>
/// Its bytes behind the common header. Little endian.
/// <code>
///  40      48               56          64               72       76
///  | start | previous epoch | commitLsn | retained floor | length | the log's bytes
///  | i64   | i64            | i64       | i64            | i32    |
/// </code>
/// The checksum of the header ends before the log's bytes: each record of them has its own, over its LSN, too.
/// </content>
public sealed partial record ReplicateBatch
{
    /// <summary>The most log bytes in one batch: the largest record fits.</summary>
    public const int MaxBytes = 480 * 1024;

    /// <inheritdoc/>
    internal override MessageKind Kind => MessageKind.ReplicateBatch;

    /// <inheritdoc/>
    internal override int BodySize => 36 + Bytes.Length;

    /// <inheritdoc/>
    internal override void WriteBody(ref WireWriter into)
    {
        // Refused here, where the mistake is, and not by every receiver for ever.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bytes.Length, MaxBytes, nameof(Bytes));
        into.Lsn(Start);
        into.Epoch(PreviousEpoch);
        into.Lsn(CommitLsn);
        into.Lsn(RetainedFloor);
        into.Int32(Bytes.Length);
        into.Bytes(Bytes.Span);
    }

    /// <summary>Reads the body; what is wrong with it is in the reader.</summary>
    internal static ReplicateBatch ReadBody(in WireHeader header, ref WireReader from)
    {
        return new ReplicateBatch(header.Cluster, header.Partition, header.Epoch, from.Lsn(), from.Epoch(), from.Lsn(), from.Lsn(), from.Bytes(MaxBytes));
    }
}
