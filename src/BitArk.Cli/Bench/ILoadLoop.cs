namespace BitArk.Cli.Bench;

/// <summary>A way to drive callers through one run.</summary>
internal interface ILoadLoop
{
    /// <summary>What its latencies cover, in the words of the report.</summary>
    string Timing { get; }

    /// <summary>Calls that were due in the measured window and never got a caller.</summary>
    long NotStarted { get; }

    /// <summary>Warm-up and measurement; ends when every call it started has ended.</summary>
    Task RunAsync(CancellationToken cancellation);
}
