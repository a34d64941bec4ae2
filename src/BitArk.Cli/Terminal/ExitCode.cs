namespace BitArk.Cli.Terminal;

/// <summary>What the process reports to the script that called it; the numbers are part of the tool's contract.</summary>
internal enum ExitCode
{
    /// <summary>Done, and nothing wrong was found.</summary>
    Fine = 0,

    /// <summary>The tool did its work and found damage: bad bytes, a read set that differs, failed operations under load.</summary>
    DamageFound = 1,

    /// <summary>The command line, or a file it names, makes no sense; nothing was done.</summary>
    Usage = 2,

    /// <summary>No node answered within the bounds given.</summary>
    NodeAway = 3,

    /// <summary>The user stopped it.</summary>
    Interrupted = 130,
}
