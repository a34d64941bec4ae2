namespace BitArk.Replication.Follower;

/// <summary>What a replica does about a <see cref="Messages.Prepare"/>.</summary>
public abstract record PromiseDecision
{
    private PromiseDecision()
    {
    }

    /// <summary>Make (epoch, proposer) durable, fence the log, read its end from the fence, then answer <see cref="Messages.Promise"/>.</summary>
    /// <param name="Epoch">The epoch to promise.</param>
    /// <param name="Proposer">To whom.</param>
    public sealed record Persist(Epoch Epoch, Guid Proposer) : PromiseDecision;

    /// <summary>Promised to the same proposer already: answer <see cref="Messages.Promise"/> once that is durable and the log fenced.</summary>
    public sealed record Repeat : PromiseDecision;

    /// <summary>Answer <see cref="Messages.PrepareRefused"/>.</summary>
    /// <param name="Promised">What is promised.</param>
    /// <param name="IsDamaged">Whether it is for damage.</param>
    public sealed record Refuse(Epoch Promised, bool IsDamaged) : PromiseDecision;
}
