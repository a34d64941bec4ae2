using System.Diagnostics;

namespace BitArk.Simulation.Runs;

/// <summary>A range of seeds on some threads, and what they met together.</summary>
internal static class Batch
{
    /// <summary>Runs them; every violation is printed as it is found.</summary>
    public static int Run(Options options)
    {
        var (held, ended, steps) = (0, 0, 0L);
        var failed = new List<RunOutcome>();
        var counters = new Counters();
        var gate = new Lock();
        var watch = Stopwatch.StartNew();
        Parallel.ForEach(Seeds(options), new ParallelOptions { MaxDegreeOfParallelism = options.Jobs }, seed =>
        {
            var outcome = SeedRun.Run(seed);
            lock (gate)
            {
                counters.Add(outcome.Counters);
                steps += outcome.Steps;
                if (outcome.Verdict == RunVerdict.Held)
                    held++;
                else if (outcome.Verdict == RunVerdict.EndedByDesign)
                    ended++;
                else
                    failed.Add(outcome);
                if (outcome.Verdict == RunVerdict.Violated)
                    Console.WriteLine($"FAILED  seed {outcome.Seed}: {outcome.What}");
            }
        });

        var count = options.To - options.From + 1;
        Console.WriteLine($"{count} seeds in {watch.Elapsed.TotalSeconds:F1} s on {options.Jobs} threads ({count * 60 / watch.Elapsed.TotalSeconds:F0} a minute), {steps} steps");
        foreach (var (name, value) in counters.Required.Concat(counters.Others))
            Console.WriteLine($"  {name,-20} {value,10}");
        Console.WriteLine($"held {held}, ended by design {ended}, violated {failed.Count}");
        return Finish(held, ended, failed.Count, Missing(counters, count));
    }

    private static int Finish(int held, int ended, int failed, List<string> missing)
    {
        foreach (var name in missing)
            Console.WriteLine($"FAILED  no run met any of: {name}");
        Console.WriteLine($"RESULT passed={held} failed={failed + missing.Count} skipped={ended}");
        return failed + missing.Count == 0 ? 0 : 1;
    }

    // Fewer seeds than a thousand may honestly miss something rare.
    private static List<string> Missing(Counters counters, long seeds) => seeds < 1_000
        ? []
        : [.. counters.Required.Where(counter => counter.Value == 0).Select(counter => counter.Name)];

    private static IEnumerable<long> Seeds(Options options)
    {
        for (var seed = options.From; seed <= options.To; seed++)
            yield return seed;
    }
}
