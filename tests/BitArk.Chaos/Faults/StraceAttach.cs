using System.Diagnostics;

namespace BitArk.Chaos.Faults;

/// <summary>strace on a process that already runs, with something injected into its calls, until disposed.</summary>
internal sealed class StraceAttach : IAsyncDisposable
{
    private const int Interrupt = 2;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private readonly Process _strace;

    private StraceAttach(Process strace) => _strace = strace;

    /// <summary>Attaches to all threads of a process, those to come included.</summary>
    /// <param name="processId">Which.</param>
    /// <param name="call">The system call.</param>
    /// <param name="what">What happens at it, in strace's words.</param>
    public static StraceAttach Begin(int processId, string call, string what)
    {
        var start = new ProcessStartInfo("strace", ["-f", "-qq", "-p", $"{processId}", "-o", "/dev/null", "-e", $"trace={call}", "-e", "signal=none", "-e", $"inject={call}:{what}"])
        {
            RedirectStandardError = true,
        };
        Process strace = Process.Start(start)!;
        strace.BeginErrorReadLine();
        return new StraceAttach(strace);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Interrupted it lets go of the process in good order; killed it might leave it stopped.
        Signals.Send(_strace, Interrupt);
        using var bound = new CancellationTokenSource(Bound);
        await _strace.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _strace.Dispose();
    }
}
