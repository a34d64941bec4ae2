namespace BitArk.Cli.Terminal;

/// <summary>An expected end of a command: one line for the user, one exit code for the script. Anything else that escapes is a bug.</summary>
internal sealed class CliException : Exception
{
    /// <summary>Says what, where and what to do.</summary>
    public CliException(ExitCode exitCode, string message, Exception? inner = null)
        : base(message, inner)
    {
        ExitCode = exitCode;
    }

    /// <summary>What the process ends with.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>The command line or a file it names makes no sense.</summary>
    public static CliException Usage(string message, Exception? inner = null) => new(ExitCode.Usage, message, inner);
}
