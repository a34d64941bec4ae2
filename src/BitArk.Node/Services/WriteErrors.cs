using System.Globalization;
using BitArk.Cluster;
using BitArk.Protocol;

namespace BitArk.Node.Services;

/// <summary>What a caller is told when a write was not committed.</summary>
internal static class WriteErrors
{
    /// <summary>Why the outcome is unknown when it is not the node's fault. Other reasons name files and stay in the log.</summary>
    public const string DeadlinePassed = "the deadline passed first";

    /// <summary>The error for any outcome but <see cref="WriteOutcome.Committed"/>.</summary>
    public static ReadStatusError From(WriteOutcome outcome, PartitionId partition) => outcome switch
    {
        WriteOutcome.Overloaded overloaded => Overloaded(
            "Too many bytes of writes are waiting for the log; nothing was written. Slow down and try again.", overloaded.RetryAfter),
        WriteOutcome.DiskLow low => new ReadStatusError(
            ErrorReason.DiskLow,
            $"{low.FreeBytes} bytes of disk are free, {low.FloorBytes} must stay free: writes are refused, reads go on. Free disk space.",
            Facts(("freeBytes", low.FreeBytes), ("floorBytes", low.FloorBytes))),
        WriteOutcome.MemoryLimit limit => new ReadStatusError(
            ErrorReason.MemoryLimit,
            $"Memory is at {limit.UsedBytes} of {limit.LimitBytes} bytes: marks are refused, unmarks and reads go on.",
            Facts(("usedBytes", limit.UsedBytes), ("limitBytes", limit.LimitBytes))),
        WriteOutcome.TooLarge large => ReadStatusError.Invalid(
            "operations", $"take {large.Bytes} bytes in the log, at most {large.MaxBytes} fit one write; split it"),
        WriteOutcome.Recovering recovering => PhaseErrors.Recovering(partition, recovering.Progress),
        WriteOutcome.NoLeader => new ReadStatusError(
            ErrorReason.NoLeader, $"No leader takes writes for partition {partition}; nothing was written. Try again.", "partition", partition.ToString()),
        WriteOutcome.NotLeader elsewhere => PhaseErrors.NotLeader(partition, new Leadership(elsewhere.Leader, elsewhere.Epoch, IsLocal: false)),
        WriteOutcome.WrongEpoch other => PhaseErrors.NotLeader(partition, new Leadership(other.Leader, other.Epoch, IsLocal: false), wrongEpoch: true),
        WriteOutcome.TokenLost lost => TokenErrors.Lost(partition, lost.Seen, lost.End),
        WriteOutcome.StorageFailed => new ReadStatusError(
            ErrorReason.StorageFailed,
            $"The storage of partition {partition} failed, nothing was written. {PhaseErrors.SeeLog}",
            "partition",
            partition.ToString()),
        WriteOutcome.SessionExpired expired => new ReadStatusError(
            ErrorReason.SessionExpired,
            $"The sequence lies below the session's window, which starts at {expired.LowestSequence}; whether it was applied is no longer known.",
            Facts(("lowestSequence", expired.LowestSequence))),
        WriteOutcome.OutcomeUnknown { Reason: DeadlinePassed } => OutcomeUnknown(partition, DeadlinePassed),
        _ => OutcomeUnknown(partition, "the partition's storage failed or it was stopped"),
    };

    /// <summary>Of a write that was made, what would scatter its read set too far was left out.</summary>
    /// <param name="field">Which operation: a path in the request.</param>
    public static ReadStatusError TooScattered(string field) => ReadStatusError.Invalid(
        field, "would scatter the read set over more than 4194304 blocks of 65536 ids: what needs another block changed nothing, everything else was made");

    /// <summary>The write may or may not survive.</summary>
    public static ReadStatusError OutcomeUnknown(PartitionId partition, string why) => new(
        ErrorReason.OutcomeUnknown,
        $"The write was not confirmed ({why}): it may or may not have been made. Repeating it is safe with session and sequence.",
        "partition",
        partition.ToString());

    /// <summary>More is asked for than can be done at once; when to come back.</summary>
    public static ReadStatusError Overloaded(string message, TimeSpan retryAfter)
    {
        // HTTP's retry-after counts whole seconds; zero would invite a busy loop.
        var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
        return new ReadStatusError(
            ErrorReason.Overloaded,
            message,
            Facts((BitArkHeaders.RetryAfter, seconds), ("retryAfterMs", (long)Math.Ceiling(retryAfter.TotalMilliseconds))));
    }

    private static Dictionary<string, string> Facts(params ReadOnlySpan<(string Key, long Value)> facts)
    {
        var metadata = new Dictionary<string, string>();
        foreach (var (key, value) in facts)
            metadata[key] = value.ToString(CultureInfo.InvariantCulture);
        return metadata;
    }
}
