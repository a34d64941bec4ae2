using System.Diagnostics;
using System.Globalization;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Bench;

/// <summary>CPU time of the processes that take part: a figure without it says nothing about cost.</summary>
internal static class ProcessCpu
{
    /// <summary>Linux's USER_HZ, the unit of /proc: 100 on every architecture that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    /// <summary>What this process has used.</summary>
    public static TimeSpan OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    /// <summary>What another process of this machine has used.</summary>
    /// <exception cref="CliException">There is no such process.</exception>
    public static TimeSpan Of(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")))
                ?? throw CliException.Usage($"--node-pid {pid}: its /proc entry has an unknown form");
        }
        catch (IOException failure)
        {
            throw CliException.Usage($"--node-pid {pid}: no such process", failure);
        }
    }

    /// <summary>User and system time in the text of /proc/PID/stat: fields 14 and 15, counted behind the name, which may hold anything.</summary>
    internal static TimeSpan? Parse(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 12
            && long.TryParse(fields[11], CultureInfo.InvariantCulture, out var user)
            && long.TryParse(fields[12], CultureInfo.InvariantCulture, out var system)
            ? TimeSpan.FromSeconds((double)(user + system) / TicksPerSecond)
            : null;
    }
}
