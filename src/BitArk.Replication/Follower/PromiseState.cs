namespace BitArk.Replication.Follower;

/// <summary>What a replica has promised, as it is on its disk.</summary>
/// <param name="Promised">Nothing below is appended or acknowledged any more.</param>
/// <param name="Proposer">To whom; <see cref="Guid.Empty"/>: learnt from a leader of that epoch, promised to no proposer.</param>
/// <param name="IsDamaged">Its durable bytes are bad: it has no vote.</param>
public readonly record struct PromiseState(Epoch Promised, Guid Proposer, bool IsDamaged);
