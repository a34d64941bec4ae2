namespace BitArk.Cluster;

/// <summary>How the process ends; replaced in tests, which must survive it.</summary>
internal interface IProcessExit
{
    /// <summary>The exit code, if the process ends by itself.</summary>
    int Code { set; }

    /// <summary>Ends the process after a while, whatever still runs.</summary>
    void ExitWithin(TimeSpan bound);
}

/// <summary>The real end.</summary>
internal sealed class ProcessExit : IProcessExit
{
    /// <inheritdoc/>
    public int Code
    {
        set => Environment.ExitCode = value;
    }

    /// <inheritdoc/>
    public void ExitWithin(TimeSpan bound)
    {
        // A thread of its own: nothing that the failure may have blocked is needed to end.
        new Thread(() => Exit(bound)) { IsBackground = true, Name = "bitark-end" }.Start();
    }

    private static void Exit(TimeSpan bound)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(bound);
        Environment.Exit(Environment.ExitCode);
    }
}
