using System.Runtime.InteropServices;

namespace BitArk.Node.Hosting;

/// <summary>
/// Whether the process was asked to leave. The host treats a signal and a part of itself that gave up alike; the exit code
/// must not. It only watches: the host's own handlers decide what a signal does.
/// </summary>
internal sealed class LeaveRequest : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];

    private readonly PosixSignalRegistration[] _registrations;
    private volatile bool _isMade;

    public LeaveRequest() => _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, _ => _isMade = true))];

    /// <summary>Whether a signal came.</summary>
    public bool IsMade => _isMade;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
}
