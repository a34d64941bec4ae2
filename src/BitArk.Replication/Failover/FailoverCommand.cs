namespace BitArk.Replication.Failover;

/// <summary>What a coordinator is to send for one partition. Repeating one is harmless. Closed union.</summary>
public abstract record FailoverCommand
{
    private FailoverCommand()
    {
    }

    /// <summary>Send <see cref="Messages.Prepare"/>.</summary>
    /// <param name="Epoch">The epoch proposed.</param>
    /// <param name="To">To whom: those that have not promised yet.</param>
    public sealed record Propose(Epoch Epoch, IReadOnlyList<NodeId> To) : FailoverCommand;

    /// <summary>Send <see cref="Messages.Lead"/>.</summary>
    /// <param name="Epoch">The epoch to lead.</param>
    /// <param name="Leader">To whom: one replica, and no other in this epoch.</param>
    /// <param name="Lease">How long an earlier leader may still count on its lease.</param>
    public sealed record Appoint(Epoch Epoch, NodeId Leader, TimeSpan Lease) : FailoverCommand;

    /// <summary>Send <see cref="Messages.HandOver"/>: the round begins when the answer has come.</summary>
    /// <param name="Epoch">The epoch that the leader leads.</param>
    /// <param name="Leader">To whom.</param>
    /// <param name="To">The replica that is to lead next.</param>
    public sealed record AskToHandOver(Epoch Epoch, NodeId Leader, NodeId To) : FailoverCommand;
}
