using BitArk.Replication.Messages;

namespace BitArk.Replication.Follower;

/// <summary>What a follower does about a leader's answer.</summary>
public abstract record PullOutcome
{
    private PullOutcome()
    {
    }

    /// <summary>Streaming now: ack at once, MatchedLsn is known.</summary>
    public sealed record Stream : PullOutcome;

    /// <summary>Put it to <see cref="Epochs.DivergenceRules.Cut"/>, cut, and call <see cref="PullSession.CutDone"/>.</summary>
    /// <param name="Order">What the leader said.</param>
    public sealed record Cut(TruncateTo Order) : PullOutcome;

    /// <summary>Fetch and install the snapshot, and call <see cref="PullSession.FullSyncDone"/>.</summary>
    /// <param name="Order">What the leader said.</param>
    public sealed record FullSync(NeedFullSync Order) : PullOutcome;

    /// <summary>A higher epoch: make it durable as the promise, fence the log, then <see cref="PullSession.Begin"/> in it.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Leader">Who leads it, as far as the sender knows.</param>
    public sealed record Adopt(Epoch Epoch, NodeId? Leader) : PullOutcome;

    /// <summary>It was not the answer to the newest question, or obeyed already. Nothing changes.</summary>
    public sealed record Ignored : PullOutcome;

    /// <summary>It was the answer, but says nothing that helps: the question is asked again after a while.</summary>
    public sealed record AskAgain : PullOutcome;
}
