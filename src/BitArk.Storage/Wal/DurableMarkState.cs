namespace BitArk.Storage.Wal;

/// <summary>What a replica remembers about its own log beside the log.</summary>
/// <param name="DurableLsn">Everything below was durable when this was written: an invalid record below it is damage, not a torn tail.</param>
/// <param name="CommitLsn">What the commit rule had called safe, at most <paramref name="DurableLsn"/>.</param>
/// <param name="LogBase">Nothing below it is part of this log any more; it may lie inside a segment.</param>
/// <param name="CutIntent">The position at which the log is being cut, while it is; recovery finishes the cut.</param>
public sealed record DurableMarkState(Lsn DurableLsn, Lsn CommitLsn, Lsn LogBase, Lsn? CutIntent = null);
