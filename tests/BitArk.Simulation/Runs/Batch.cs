using System.Collections.Concurrent;
using System.Diagnostics;

namespace BitArk.Simulation.Runs;

/// <summary>A range of seeds on some threads, and what they met together. A long one keeps its progress in a file, and goes on from there.</summary>
internal static class Batch
{
    private const int SeedsBetweenSaves = 500;

    /// <summary>Runs them; every violation is printed as it is found.</summary>
    public static int Run(Options options)
    {
        Tally tally;
        try
        {
            tally = Go(options);
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }

        Console.WriteLine($"{tally.Count} seeds in {tally.Seconds:F1} s on {options.Jobs} threads ({tally.Count * 60 / tally.Seconds:F0} a minute), {tally.Steps} steps");
        foreach (var (name, value) in tally.Counters.Required.Concat(tally.Counters.Others))
            Console.WriteLine($"  {name,-20} {value,10}");
        Console.WriteLine($"held {tally.Held}, ended by design {tally.Ended}, violated {tally.Failures.Count}");
        return Finish(tally, Missing(tally));
    }

    /// <summary>Runs what is left of them.</summary>
    /// <exception cref="InvalidDataException">The file of progress is not of this batch.</exception>
    public static Tally Go(Options options)
    {
        var tally = options.Resume is { } path ? TallyFile.Read(path, options.From, options.Step) : new Tally { From = options.From, Step = options.Step, Next = options.From };
        foreach (var failure in tally.Failures)
            Console.WriteLine($"FAILED  {failure} (found before)");
        var (watch, before) = (Stopwatch.StartNew(), tally.Count);
        while (tally.Next <= options.To)
        {
            RunSome(tally, options);
            if (options.Resume is null)
                continue;
            TallyFile.Write(options.Resume, tally);
            Tell(tally, options, (tally.Count - before) / watch.Elapsed.TotalSeconds);
        }

        return tally;
    }

    private static void RunSome(Tally tally, Options options)
    {
        var (gate, watch) = (new Lock(), Stopwatch.StartNew());
        var seeds = Seeds(tally.Next, options).ToList();
        Parallel.ForEach(Partitioner.Create(seeds, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = options.Jobs }, seed =>
        {
            var outcome = SeedRun.Run(seed);
            lock (gate)
            {
                tally.Add(outcome);
                if (outcome.Verdict == RunVerdict.Violated)
                    Console.WriteLine($"FAILED  seed {outcome.Seed}: {outcome.What}");
            }
        });

        tally.Next = seeds[^1] + options.Step;
        tally.Seconds += watch.Elapsed.TotalSeconds;
    }

    private static void Tell(Tally tally, Options options, double perSecond)
    {
        var left = ((options.To - tally.Next) / options.Step) + 1;
        var toGo = TimeSpan.FromSeconds(Math.Max(left, 0) / perSecond);
        Console.WriteLine($"  {tally.Count} of {tally.Count + left} seeds, {perSecond * 60:F0} a minute, {toGo:hh\\:mm\\:ss} to go, violated {tally.Failures.Count}");
    }

    private static int Finish(Tally tally, List<string> missing)
    {
        foreach (var name in missing)
            Console.WriteLine($"FAILED  no run met any of: {name}");
        var failed = tally.Failures.Count + missing.Count;
        Console.WriteLine($"RESULT passed={tally.Held} failed={failed} skipped={tally.Ended}");
        return failed == 0 ? 0 : 1;
    }

    // Fewer seeds than a thousand may honestly miss something rare, and so may those of one kind.
    private static List<string> Missing(Tally tally) => tally.Count < 1_000 || tally.Step != 1
        ? []
        : [.. tally.Counters.Required.Where(counter => counter.Value == 0).Select(counter => counter.Name)];

    private static IEnumerable<long> Seeds(long from, Options options)
    {
        for (var (seed, count) = (from, 0); seed <= options.To && count < SeedsBetweenSaves; seed += options.Step, count++)
            yield return seed;
    }
}
