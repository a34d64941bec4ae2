namespace BitArk.Simulation.Runs;

/// <summary>One seed, exactly as in a batch, with somebody reading along.</summary>
internal static class OneSeed
{
    /// <summary>Runs and prints it.</summary>
    public static int Run(Options options)
    {
        var outcome = SeedRun.Run(options.From, options.Plant, options.IsVerbose ? Console.Out : null);
        foreach (var (name, value) in outcome.Counters.Required.Concat(outcome.Counters.Others).Where(counter => counter.Value > 0))
            Console.WriteLine($"  {name,-20} {value,10}");
        Console.WriteLine($"seed {outcome.Seed}: {outcome.Verdict} after {outcome.Steps} steps, trace {outcome.TraceHash:x16} {outcome.What}");
        Console.WriteLine($"RESULT passed={(outcome.Verdict == RunVerdict.Held ? 1 : 0)} failed={(outcome.Verdict == RunVerdict.Violated ? 1 : 0)} skipped={(outcome.Verdict == RunVerdict.EndedByDesign ? 1 : 0)}");
        return outcome.Verdict == RunVerdict.Violated ? 1 : 0;
    }
}
