using Akka.Actor;

namespace BitArk.Cluster.Writes;

/// <summary>
/// The writes of one group commit, in log order. WalActor to BitmapActor: everything in it is durable, and committed,
/// since a lone replica's disk is its quorum. Reused: the BitmapActor hands it back by clearing it into the pool.
/// </summary>
internal sealed class CommittedBatch : INoSerializationVerificationNeeded
{
    /// <summary>The writes.</summary>
    public List<PendingWrite> Writes { get; } = new(256);

    /// <summary>The log is durable and committed up to here.</summary>
    public Lsn CommitLsn { get; set; }
}
