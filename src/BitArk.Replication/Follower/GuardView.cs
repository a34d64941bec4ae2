namespace BitArk.Replication.Follower;

/// <summary>What a replica finds at its start about its promises.</summary>
/// <param name="Mark">What the replica's own mark says.</param>
/// <param name="Journal">The newest promise in its guard's journal; null: there is none.</param>
/// <param name="LogEpoch">The last epoch of its log.</param>
/// <param name="WasInUse">Whether it is recorded that the journal has had a promise.</param>
/// <param name="IsRejoining">The replica was repaired, or came back empty, and has no vote yet.</param>
/// <param name="IsLossAccepted">An operator has accepted that the other copies are lost, and what was promised with them: the mark was raised above all of it, past the journal.</param>
public readonly record struct GuardView(GuardedPromise Mark, GuardedPromise? Journal, Epoch LogEpoch, bool WasInUse, bool IsRejoining, bool IsLossAccepted = false);
