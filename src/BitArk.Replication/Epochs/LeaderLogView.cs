namespace BitArk.Replication.Epochs;

/// <summary>A leader's log at one moment, as far as a follower's question needs it.</summary>
/// <param name="Epoch">The epoch it leads.</param>
/// <param name="History">The epochs of its log, its own included once its EpochStart is appended.</param>
/// <param name="Origin">Where the first record of any log begins.</param>
/// <param name="MinRetainedLsn">The oldest position it can still ship.</param>
/// <param name="WrittenLsn">The end of its durable log.</param>
public readonly record struct LeaderLogView(Epoch Epoch, EpochHistory History, Lsn Origin, Lsn MinRetainedLsn, Lsn WrittenLsn);
