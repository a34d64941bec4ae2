namespace BitArk.Cluster;

/// <summary>The leaderships of the cluster, for operators: who moves them, and moving one by hand. Safe for concurrent use.</summary>
public interface ILeaderships
{
    /// <summary>The node whose coordinator was heard last; null while none is known here.</summary>
    NodeId? Coordinator { get; }

    /// <summary>
    /// Lets a replica lead: the leader takes no writes while it catches up, then it gets a new epoch. Never throws for what the
    /// cluster refuses.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller stopped waiting; it may still happen.</exception>
    Task<TransferOutcome> TransferAsync(PartitionId partition, NodeId to, CancellationToken cancellation);
}

/// <summary>What became of an order to move a leadership.</summary>
/// <param name="Result">What.</param>
/// <param name="Leader">Who leads now, as far as it is known.</param>
/// <param name="Epoch">Its epoch; <see cref="Epoch.None"/> where it is not known.</param>
/// <param name="Unavailable">For how long nobody served, as the coordinator saw it; zero where nothing moved.</param>
public sealed record TransferOutcome(TransferResult Result, NodeId? Leader, Epoch Epoch, TimeSpan Unavailable);

/// <summary>How an order to move a leadership ended. The numbers are on the wire and never change.</summary>
public enum TransferResult
{
    /// <summary>The wanted replica leads and serves; perhaps it did before.</summary>
    Done = 0,

    /// <summary>That node has no replica of the partition.</summary>
    NoReplica = 1,

    /// <summary>The replica is away, damaged, or catching up: it could not lead.</summary>
    NotFollowing = 2,

    /// <summary>A new leader is being looked for already, or another order is under way.</summary>
    Underway = 3,

    /// <summary>The leader did not say in time that the wanted replica has everything; it goes on leading.</summary>
    NotCaughtUp = 4,

    /// <summary>It had everything, but no round gave it an epoch in time.</summary>
    NotInTime = 5,

    /// <summary>Another replica had more, or another coordinator was faster.</summary>
    AnotherLeads = 6,

    /// <summary>No coordinator is known at the moment, or it did not answer.</summary>
    NoCoordinator = 7,
}
