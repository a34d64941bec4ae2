namespace BitArk.Simulation.Runs;

/// <summary>What a batch has come to so far. What is kept between two parts of one; the only state of it.</summary>
internal sealed class Tally
{
    /// <summary>The first seed of all.</summary>
    public long From { get; init; }

    /// <summary>Every how many seeds one is run.</summary>
    public int Step { get; init; } = 1;

    /// <summary>The first seed that has not been run. All before it have.</summary>
    public long Next { get; set; }

    /// <summary>In which everything held.</summary>
    public int Held { get; set; }

    /// <summary>Too rotten to heal.</summary>
    public int Ended { get; set; }

    /// <summary>What did not hold, each with its seed.</summary>
    public List<string> Failures { get; init; } = [];

    /// <summary>Events.</summary>
    public long Steps { get; set; }

    /// <summary>For how long seeds were run.</summary>
    public double Seconds { get; set; }

    /// <summary>What they met together.</summary>
    public Counters Counters { get; init; } = new();

    /// <summary>How many were run.</summary>
    public long Count => (Next - From) / Step;

    /// <summary>One more.</summary>
    public void Add(RunOutcome outcome)
    {
        Counters.Add(outcome.Counters);
        Steps += outcome.Steps;
        if (outcome.Verdict == RunVerdict.Held)
            Held++;
        else if (outcome.Verdict == RunVerdict.EndedByDesign)
            Ended++;
        else
            Failures.Add($"seed {outcome.Seed}: {outcome.What}");
    }
}
