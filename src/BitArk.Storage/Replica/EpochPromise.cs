namespace BitArk.Storage.Replica;

/// <summary>What a replica has promised: to follow nobody below an epoch.</summary>
/// <param name="Epoch">The epoch; 0 before the first.</param>
/// <param name="Proposer">To whom; empty where a lone replica gave itself the epoch, or the epoch was heard from its leader.</param>
public sealed record EpochPromise(Epoch Epoch, Guid Proposer)
{
    /// <summary>Nothing yet.</summary>
    public static readonly EpochPromise None = new(Epoch.None, Guid.Empty);
}
