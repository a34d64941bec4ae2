using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BitArk.Chaos.Faults;

/// <summary>Linux signals to one process, by its id.</summary>
internal static partial class Signals
{
    /// <summary>Freezes a process between two instructions.</summary>
    public const int Stop = 19;

    /// <summary>Lets a frozen process go on.</summary>
    public const int Continue = 18;

    /// <summary>Asks a process to end.</summary>
    public const int Terminate = 15;

    /// <summary>Sends a signal; a process that is gone already is not an error.</summary>
    public static void Send(Process process, int signal)
    {
        const int noSuchProcess = 3;
        if (process.HasExited)
            return;
        if (Kill(process.Id, signal) != 0 && Marshal.GetLastPInvokeError() is var errno and not noSuchProcess)
            throw new Win32Exception(errno);
    }

    /// <summary>Whether this process may mount file systems.</summary>
    public static bool IsRoot => EffectiveUser() == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
