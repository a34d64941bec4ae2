namespace BitArk.Simulation.Runs;

/// <summary>How a run ended.</summary>
internal enum RunVerdict
{
    /// <summary>Everything held, and the cluster came back to work.</summary>
    Held,

    /// <summary>So many disks had rotted that nothing may heal by itself.</summary>
    EndedByDesign,

    /// <summary>Something did not hold.</summary>
    Violated,
}

/// <summary>The result of one seed.</summary>
/// <param name="Seed">Replays it.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="What">What did not hold.</param>
/// <param name="TraceHash">Of everything that happened, in order.</param>
/// <param name="Steps">Events.</param>
/// <param name="Counters">What it met.</param>
internal sealed record RunOutcome(long Seed, RunVerdict Verdict, string What, ulong TraceHash, long Steps, Counters Counters);
