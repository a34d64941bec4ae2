using BitArk.Cli.Terminal;

namespace BitArk.Cli.Tests;

/// <summary>Runs a command line in this process, as a script would see it.</summary>
internal static class CommandLine
{
    public static async Task<CommandResult> RunAsync(params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var code = await BitArkCommand.RunAsync(args, new CliConsole(output, error), CancellationToken.None);
        return new CommandResult(code, output.ToString(), error.ToString());
    }
}

internal sealed record CommandResult(ExitCode Code, string Output, string Error);
