namespace BitArk.Replication.Follower;

/// <summary>A promise as one of the two places has it that a replica keeps promises in.</summary>
/// <param name="Epoch">Nothing below is followed; <see cref="Epoch.None"/>: nothing was promised.</param>
/// <param name="Proposer">To whom; <see cref="Guid.Empty"/>: to no proposer.</param>
public readonly record struct GuardedPromise(Epoch Epoch, Guid Proposer);
