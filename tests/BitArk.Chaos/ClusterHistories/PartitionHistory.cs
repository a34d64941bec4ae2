using BitArk.Chaos.Histories;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>All that is known of one partition of a cluster whose life is over.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Operations">What the clients asked and were told, in any order.</param>
/// <param name="Log">The whole committed log, from the first record of all on.</param>
/// <param name="Replicas">What each replica had at the end.</param>
/// <param name="Claims">Who was seen to lead, beside what the log says.</param>
internal sealed record PartitionHistory(
    int Partition,
    IReadOnlyList<ClusterOperation> Operations,
    IReadOnlyList<LogRecord> Log,
    IReadOnlyList<ReplicaDump> Replicas,
    IReadOnlyList<LeaderClaim> Claims);

/// <summary>One replica at the end.</summary>
/// <param name="Node">Whose.</param>
/// <param name="Log">What its files still hold.</param>
/// <param name="Applied">How far its memory was.</param>
/// <param name="Digest">The checksum of its memory there.</param>
/// <param name="State">Read sets as it answered them.</param>
internal sealed record ReplicaDump(
    string Node, IReadOnlyList<LogRecord> Log, Lsn Applied, ulong Digest, IReadOnlyDictionary<ReadSetKey, RangeSet> State);

/// <summary>A node that led an epoch, by somebody's word.</summary>
/// <param name="Epoch">Which.</param>
/// <param name="Node">Who.</param>
/// <param name="Source">Whose word.</param>
internal readonly record struct LeaderClaim(Epoch Epoch, string Node, string Source);
