using BitArk.Cluster;
using BitArk.Protocol;

namespace BitArk.Node.Services;

/// <summary>What a caller is told when a read that travelled was not answered.</summary>
internal static class ReadErrors
{
    /// <summary>The error for any refusal.</summary>
    public static ReadStatusError From(ReadRefusal refusal, PartitionId partition) => refusal switch
    {
        ReadRefusal.NotLeader o => PhaseErrors.NotLeader(partition, new Leadership(o.Leader, o.Epoch, IsLocal: false)),
        ReadRefusal.WrongEpoch o => PhaseErrors.NotLeader(partition, new Leadership(o.Leader, o.Epoch, IsLocal: false), wrongEpoch: true),
        ReadRefusal.Recovering o => PhaseErrors.Recovering(partition, o.Progress),
        ReadRefusal.Behind o => TokenErrors.Behind(partition, o.Seen, o.Leader),
        ReadRefusal.TokenLost o => TokenErrors.Lost(partition, o.Seen, o.End),
        ReadRefusal.StorageFailed => new ReadStatusError(
            ErrorReason.StorageFailed, $"The storage of partition {partition}'s leader failed. {PhaseErrors.SeeLog}", "partition", partition.ToString()),
        ReadRefusal.TooLarge o => TooLarge(o.MaxBytes),
        _ => new ReadStatusError(
            ErrorReason.NoLeader, $"No replica of partition {partition} that may answer could be reached within the deadline. Try again.", "partition", partition.ToString()),
    };

    /// <summary>An export that nobody can hold.</summary>
    public static ReadStatusError TooLarge(long maxBytes) => ReadStatusError.Invalid(
        "channel", $"this read set is too large for one bitmap (at most {maxBytes} bytes); ask for its state with maxRanges instead");
}
