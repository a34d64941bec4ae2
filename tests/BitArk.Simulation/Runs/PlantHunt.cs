namespace BitArk.Simulation.Runs;

/// <summary>Looks for the first seed that finds a planted bug.</summary>
internal static class PlantHunt
{
    /// <summary>The first outcome that is a violation among the first so many seeds; null if none is.</summary>
    public static RunOutcome? Find(Plant plant, long from, int within, int step = 1)
    {
        for (var seed = from; seed < from + within; seed += step)
        {
            var outcome = SeedRun.Run(seed, plant);
            if (outcome.Verdict == RunVerdict.Violated)
                return outcome;
        }

        return null;
    }

    /// <summary>Reports what it finds.</summary>
    public static int Run(Options options)
    {
        var found = Find(options.Plant, options.From, options.Within, options.Step);
        Console.WriteLine(found is null
            ? $"FAILED  {options.PlantName}: not found within {options.Within} seeds"
            : $"ok      {options.PlantName}: found by seed {found.Seed} (after {found.Seed - options.From + 1}): {found.What}");
        Console.WriteLine($"RESULT passed={(found is null ? 0 : 1)} failed={(found is null ? 1 : 0)} skipped=0");
        return found is null ? 1 : 0;
    }
}
