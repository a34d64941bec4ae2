using Akka.Actor;

namespace BitArk.Cluster.Writes;

/// <summary>
/// The writes of one group commit, in log order. WalActor to BitmapActor: everything in it is durable on the leader's
/// disk, and committed once the commit rule says so. Reused: the BitmapActor hands it back by clearing it into the pool.
/// </summary>
internal sealed class WrittenBatch : INoSerializationVerificationNeeded
{
    /// <summary>The writes. A pad before the first, between them or behind the last belongs to the batch too.</summary>
    public List<PendingWrite> Writes { get; } = new(256);

    /// <summary>Where the batch begins in the log.</summary>
    public Lsn Start { get; set; }

    /// <summary>Where it ends: durable up to here.</summary>
    public Lsn End { get; set; }
}
