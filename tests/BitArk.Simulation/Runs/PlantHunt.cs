namespace BitArk.Simulation.Runs;

/// <summary>Looks for the first seed that finds a planted bug.</summary>
internal static class PlantHunt
{
    private const int SeedsAtOnce = 16;

    /// <summary>The first outcome that is a violation among the first so many seeds; null if none is. The same on any number of threads.</summary>
    public static RunOutcome? Find(Plant plant, long from, int within, int step = 1, int jobs = 1)
    {
        for (var first = from; first < from + within; first += (long)SeedsAtOnce * step)
        {
            var found = Enumerable.Range(0, SeedsAtOnce)
                .Select(index => first + ((long)index * step))
                .Where(seed => seed < from + within)
                .AsParallel().WithDegreeOfParallelism(jobs)
                .Select(seed => SeedRun.Run(seed, plant))
                .Where(outcome => outcome.Verdict == RunVerdict.Violated)
                .MinBy(outcome => outcome.Seed);
            if (found is not null)
                return found;
        }

        return null;
    }

    /// <summary>Reports what it finds.</summary>
    public static int Run(Options options)
    {
        var found = Find(options.Plant, options.From, options.Within, options.Step, options.Jobs);
        Console.WriteLine(found is null
            ? $"FAILED  {options.PlantName}: not found within {options.Within} seeds"
            : $"ok      {options.PlantName}: found by seed {found.Seed} (after {found.Seed - options.From + 1}): {found.What}");
        Console.WriteLine($"RESULT passed={(found is null ? 0 : 1)} failed={(found is null ? 1 : 0)} skipped=0");
        return found is null ? 1 : 0;
    }
}
