namespace BitArk.Cluster;

/// <summary>The other nodes, as places where calls can be forwarded to. Safe for concurrent use.</summary>
public interface IPeers
{
    /// <summary>A node by its name. Whether it can be reached shows when it is called.</summary>
    IPeer To(NodeId node);
}

/// <summary>
/// One other node. A call that travelled is answered there or refused, never forwarded again. What certainly never reached
/// its log is told from what may have.
/// </summary>
public interface IPeer
{
    /// <summary>Whether it seems worth asking: known, with an address, and not unreachable.</summary>
    bool IsUp { get; }

    /// <summary>
    /// Writes there, if it leads in the epoch of the command's route. <see cref="WriteOutcome.NoLeader"/>: it certainly was not
    /// written; <see cref="WriteOutcome.OutcomeUnknown"/>: the call broke off after it was sent. Never throws for these.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller stopped waiting after it was sent.</exception>
    ValueTask<WriteOutcome> WriteAsync(PartitionId partition, WriteCommand command, CancellationToken cancellation);

    /// <summary>Its memory for one request. Calls fail with <see cref="ReadRefusedException"/>; their position is the highest that the answers carried.</summary>
    /// <param name="partition">Which partition.</param>
    /// <param name="fromLeader">Only if it leads in the epoch of the route; else from whatever replica it has.</param>
    /// <param name="route">The route's epoch, and what the session has seen.</param>
    /// <param name="deadline">Cancelled when the caller stops waiting.</param>
    IPartitionReads Reads(PartitionId partition, bool fromLeader, in CallRoute route, CancellationToken deadline);

    /// <summary>The checksum of its replica; see <see cref="IPartition.DigestAsync"/>.</summary>
    Task<DigestOutcome> DigestAsync(PartitionId partition, Lsn at, CancellationToken cancellation);
}
