using System.Runtime.InteropServices;

namespace BitArk.Cluster;

/// <summary>How the process ends; replaced in tests, which must survive it.</summary>
internal interface IProcessExit
{
    /// <summary>The exit code, if the process ends by itself.</summary>
    int Code { set; }

    /// <summary>Ends the process after a while, whatever still runs.</summary>
    void ExitWithin(TimeSpan bound);
}

/// <summary>
/// The real end. The runtime's exit waits for its handlers, and one of them may wait for the disk that never answers; the
/// kernel's waits for nobody.
/// </summary>
/// <param name="grace">How long the runtime's exit may take.</param>
/// <param name="exit">The runtime's exit.</param>
/// <param name="end">The kernel's.</param>
internal sealed class ProcessExit(TimeSpan grace, Action<int> exit, Action<int> end) : IProcessExit
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public ProcessExit()
        : this(Grace, Environment.Exit, EndNow)
    {
    }

    /// <inheritdoc/>
    public int Code
    {
        set => Environment.ExitCode = value;
    }

    /// <inheritdoc/>
    public void ExitWithin(TimeSpan bound)
    {
        // Threads of their own: nothing that the failure may have blocked is needed to end.
        Start(() => After(bound, exit));
        Start(() => After(bound + grace, end));
    }

    private static void Start(ThreadStart run) => new Thread(run) { IsBackground = true, Name = "bitark-end" }.Start();

    private static void After(TimeSpan bound, Action<int> act)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(bound);
        act(Environment.ExitCode);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void EndNow(int code);
}
