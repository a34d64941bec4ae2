using BitArk.Cluster;
using BitArk.Protocol;

namespace BitArk.Node.Services;

/// <summary>What a session is told when a replica cannot cover what it has seen.</summary>
internal static class TokenErrors
{
    /// <summary>That part of the history is gone for good.</summary>
    public static ReadStatusError Lost(PartitionId partition, ReadPosition seen, ReadPosition end) => new(
        ErrorReason.TokenLost,
        $"The token covers {seen.Epoch}@{seen.Lsn} of partition {partition}, but its log ends at {end.Epoch}@{end.Lsn}: "
        + "that part of the history is gone. Start a new session without the token.",
        "partition",
        partition.ToString());

    /// <summary>Not yet applied; the leader has it.</summary>
    public static ReadStatusError Behind(PartitionId partition, ReadPosition seen, NodeId? leader)
    {
        var metadata = new Dictionary<string, string> { ["partition"] = partition.ToString() };
        if (leader is { } known)
            metadata["leader"] = known.Name;
        return new ReadStatusError(
            ErrorReason.ReplicaBehind, $"This replica has not yet applied {seen.Epoch}@{seen.Lsn} of partition {partition}. Try again, or ask the leader.", metadata);
    }
}
