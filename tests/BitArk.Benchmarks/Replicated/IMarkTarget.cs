namespace BitArk.Benchmarks.Replicated;

/// <summary>Nodes that callers write to. Safe for concurrent use.</summary>
internal interface IMarkTarget : IAsyncDisposable
{
    /// <summary>Writes marks as one call, and waits until they are acknowledged.</summary>
    /// <exception cref="InvalidOperationException">They were refused: what was measured would not be writes.</exception>
    Task WriteAsync(int caller, MarkOperation[] marks);

    /// <summary>How far the follower that is furthest behind is behind, in bytes of log; 0 where there is none.</summary>
    Task<long> WorstLagBytesAsync();

    /// <summary>Processor time used so far by this process and by the nodes that are others.</summary>
    (TimeSpan Own, TimeSpan Nodes) ProcessorTime();
}
