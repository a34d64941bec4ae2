namespace BitArk.Chaos.Reporting;

/// <summary>
/// What a verb found, printed as it goes. The last line is for machines: <c>RESULT passed=N failed=N skipped=N</c>.
/// Safe for concurrent use.
/// </summary>
internal sealed class Report
{
    private readonly Lock _lock = new();

    /// <summary>Checks that held.</summary>
    public int PassedCount { get; private set; }

    /// <summary>Checks that did not hold.</summary>
    public int FailedCount { get; private set; }

    /// <summary>Checks that could not be made here.</summary>
    public int SkippedCount { get; private set; }

    /// <summary>A line without a verdict.</summary>
    public void Say(string text)
    {
        lock (_lock)
            Console.WriteLine(text);
    }

    /// <summary>A check held.</summary>
    public void Pass(string what)
    {
        lock (_lock)
        {
            PassedCount++;
            Console.WriteLine($"ok      {what}");
        }
    }

    /// <summary>A check did not hold.</summary>
    public void Fail(string what)
    {
        lock (_lock)
        {
            FailedCount++;
            Console.WriteLine($"FAILED  {what}");
        }
    }

    /// <summary>A check could not be made, and why.</summary>
    public void Skip(string why)
    {
        lock (_lock)
        {
            SkippedCount++;
            Console.WriteLine($"SKIPPED {why}");
        }
    }

    /// <summary>Pass or fail by a condition.</summary>
    public bool Check(bool holds, string what, string? otherwise = null)
    {
        if (holds)
            Pass(what);
        else
            Fail(otherwise is null ? what : $"{what}: {otherwise}");
        return holds;
    }

    /// <summary>Prints the verdict and the machine's line; gives the exit code.</summary>
    public int Finish(string verb)
    {
        Console.WriteLine(FailedCount == 0 ? $"{verb}: all held" : $"{verb}: {FailedCount} FAILED");
        Console.WriteLine($"RESULT passed={PassedCount} failed={FailedCount} skipped={SkippedCount}");
        return FailedCount == 0 ? 0 : 1;
    }
}
