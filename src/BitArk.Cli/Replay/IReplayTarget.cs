namespace BitArk.Cli.Replay;

/// <summary>Where a replay sends its batches: a node, or in tests something that fails on purpose.</summary>
internal interface IReplayTarget
{
    /// <summary>Writes a batch once. With a session, (session, sequence) make it count at most once however often it is sent.</summary>
    Task<BatchOutcome> WriteAsync(IReadOnlyList<TraceRow> reads, long session, long sequence, CancellationToken cancellation);
}
