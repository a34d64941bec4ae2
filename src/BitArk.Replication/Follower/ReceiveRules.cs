using BitArk.Replication.Messages;

namespace BitArk.Replication.Follower;

/// <summary>What a follower takes from its leader. First the header decides, then the storage looks at the bytes.</summary>
public static class ReceiveRules
{
    /// <summary>By the header alone. The bytes are to be looked at when it says Append or Duplicate.</summary>
    public static ReceiveDecision OnHeader(in ReceivePosition position, ReplicateBatch batch)
    {
        if (batch.Epoch != position.Promised)
            return batch.Epoch < position.Promised ? new ReceiveDecision.StaleEpoch() : new ReceiveDecision.HigherEpoch(batch.Epoch);
        if (!position.IsStreaming)
            return new ReceiveDecision.NotStreaming();
        if (batch.Start > position.AppendedLsn)
            return new ReceiveDecision.Gap(position.AppendedLsn);
        if (batch.PreviousEpoch != position.EpochBeforeStart)
            return new ReceiveDecision.Diverged(batch.Start);

        // A batch lies within one segment: if the log ends in a later one, all of it is here, and the subtraction says so too.
        var here = Math.Min(position.AppendedLsn.BytesSince(batch.Start), batch.Bytes.Length);
        return here == batch.Bytes.Length ? new ReceiveDecision.Duplicate() : new ReceiveDecision.Append((int)here);
    }

    /// <summary>With what the storage found.</summary>
    /// <param name="position">As before.</param>
    /// <param name="byHeader">What the header alone said.</param>
    /// <param name="verdict">What the bytes are.</param>
    public static ReceiveDecision OnBytes(in ReceivePosition position, ReceiveDecision byHeader, BytesVerdict verdict) => (byHeader, verdict) switch
    {
        (not (ReceiveDecision.Append or ReceiveDecision.Duplicate), _) => byHeader,
        (_, BytesVerdict.Corrupt corrupt) => new ReceiveDecision.Corrupt(position.AppendedLsn, corrupt.Reason),
        (_, BytesVerdict.DiffersAt differs) => new ReceiveDecision.Diverged(differs.Lsn),
        _ => byHeader,
    };
}
