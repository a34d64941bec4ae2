namespace BitArk.Replication.Follower;

/// <summary>What a replica does about its promises at its start.</summary>
public abstract record GuardDecision
{
    private GuardDecision()
    {
    }

    /// <summary>Make this durable in both places, first in the journal, before anything is answered. Where both have it that is nothing to do.</summary>
    /// <param name="Promise">What stands.</param>
    public sealed record Keep(GuardedPromise Promise) : GuardDecision;

    /// <summary>A promise was forgotten: the replica has no vote until it is repaired.</summary>
    /// <param name="Reason">Which, for the operator.</param>
    public sealed record Damaged(string Reason) : GuardDecision;
}
