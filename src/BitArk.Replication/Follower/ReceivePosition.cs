namespace BitArk.Replication.Follower;

/// <summary>What a follower's log is when a batch arrives.</summary>
/// <param name="Promised">The epoch promised.</param>
/// <param name="IsStreaming"><see cref="PullState.Streaming"/>.</param>
/// <param name="AppendedLsn">The end of the log, with what is appended and not durable yet.</param>
/// <param name="EpochBeforeStart">The epoch of the record before the batch's start in the own log; of no meaning when the start lies behind the end.</param>
public readonly record struct ReceivePosition(Epoch Promised, bool IsStreaming, Lsn AppendedLsn, Epoch EpochBeforeStart);
