namespace BitArk.Cluster.Partitions;

/// <summary>Decides what a write is answered before anything of it is appended.</summary>
internal static class WriteScreen
{
    /// <summary>How long a refused caller should wait: several group commits, so that the queue has moved.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(50);

    /// <summary>What a phase answers by itself; null when it serves.</summary>
    public static WriteOutcome? RefusalIn(PartitionPhase phase, Leadership leadership) => phase switch
    {
        PartitionPhase.Serving => null,
        PartitionPhase.Recovering recovering => new WriteOutcome.Recovering(recovering.Progress),
        PartitionPhase.Failed failed => new WriteOutcome.StorageFailed(failed.Reason),
        PartitionPhase.Stopping => new WriteOutcome.NoLeader(),
        _ when leadership is { Leader: not null, IsLocal: false } => new WriteOutcome.NotLeader(leadership.Leader, leadership.Epoch),
        _ => new WriteOutcome.NoLeader(),
    };

    /// <summary>What lack of room answers; null when there is room or the write gives some back.</summary>
    public static WriteOutcome? RefusalFor(ReadOnlySpan<MarkOperation> operations, PartitionStatus status)
    {
        if (status.DiskLow is null && !status.Memory.IsClosed)
            return null;

        if (!AnyMark(operations))
            return null;

        return status.DiskLow is { } low ? low : new WriteOutcome.MemoryLimit(status.Memory.UsedBytes, status.Memory.LimitBytes);
    }

    /// <summary>Refuses what must never reach the log: recovery would stop at it.</summary>
    /// <exception cref="ArgumentException">Front ends validate; this is the last line.</exception>
    public static void Validate(WriteCommand command, PartitionId partition, int partitions)
    {
        if (command.Operations.IsEmpty)
            throw new ArgumentException("A write has at least one operation.", nameof(command));

        if (command.Session.Value != 0 && !(Ids.IsValid(command.Session.Value) && command.Sequence >= 1))
            throw new ArgumentException($"Session {command.Session.Value} with sequence {command.Sequence} is out of range.", nameof(command));

        foreach (ref readonly var operation in command.Operations.Span)
        {
            var range = operation.Range;
            if (!Ids.IsValid(operation.User.Value) || !Ids.IsValid(operation.Channel.Value) || !Ids.IsValid(range.From) || !Ids.IsValid(range.To) || range.From > range.To)
                throw new ArgumentException($"{operation} is out of range.", nameof(command));

            if (partitions > 1 && PartitionId.Of(operation.User, partitions) != partition)
                throw new ArgumentException($"User {operation.User} does not belong to partition {partition}.", nameof(command));
        }
    }

    private static bool AnyMark(ReadOnlySpan<MarkOperation> operations)
    {
        foreach (ref readonly var operation in operations)
        {
            if (operation.Kind == OperationKind.Mark)
                return true;
        }

        return false;
    }
}
