namespace BitArk.Cluster;

/// <summary>How a call may travel from the node that got it. The default is a call that came from a client and may travel.</summary>
/// <param name="Stays">Not to be forwarded: because the client said so, or because it has been forwarded once already.</param>
/// <param name="KnownEpoch">The epoch of the route that led here, to be the leader's; <see cref="Epoch.None"/>: any.</param>
/// <param name="Seen">What the session has seen of the partition; the answer covers it. The default: nothing.</param>
/// <param name="Deadline">When the caller stops waiting, UTC; null: when it cancels.</param>
public readonly record struct CallRoute(bool Stays = false, Epoch KnownEpoch = default, ReadPosition Seen = default, DateTime? Deadline = null);
