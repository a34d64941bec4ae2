namespace BitArk.Chaos.ClusterFaults;

/// <summary>One fault of a run, in ticks of its clock.</summary>
/// <param name="Kind">Its name on the command line.</param>
/// <param name="Nodes">Whom it met.</param>
/// <param name="From">When it began.</param>
/// <param name="Lifted">When nothing was wrong any more from outside.</param>
/// <param name="Calm">When every replica was alive and near again.</param>
/// <param name="What">In words.</param>
internal sealed record FaultBand(string Kind, IReadOnlyList<string> Nodes, long From, long Lifted, long Calm, string What);
