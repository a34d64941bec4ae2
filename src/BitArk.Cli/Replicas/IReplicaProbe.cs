using BitArk.Cluster;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Replicas;

/// <summary>What the comparison of replicas needs of the nodes.</summary>
internal interface IReplicaProbe
{
    /// <summary>A partition as its leader sees it now; null while nobody leads it or the leader does not answer.</summary>
    Task<PartitionInfo?> LookAsync(int partition, CancellationToken cancellation);

    /// <summary>The checksum of one node's replica at the first end of a record at or beyond a position.</summary>
    Task<DigestOutcome> DigestAsync(string node, int partition, Lsn at, TimeSpan atMost, CancellationToken cancellation);
}
