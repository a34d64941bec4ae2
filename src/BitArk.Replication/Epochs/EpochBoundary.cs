namespace BitArk.Replication.Epochs;

/// <summary>One epoch and where it begins.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="First">The position of its first record, the <c>EpochStart</c>.</param>
public readonly record struct EpochBoundary(Epoch Epoch, Lsn First);
