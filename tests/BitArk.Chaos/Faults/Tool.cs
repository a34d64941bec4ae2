using System.Diagnostics;

namespace BitArk.Chaos.Faults;

/// <summary>Runs one program to its end, within a bound.</summary>
internal static class Tool
{
    /// <summary>What a program printed and how it ended.</summary>
    public sealed record Outcome(int ExitCode, string Output, string Errors)
    {
        /// <summary>Both streams, for messages.</summary>
        public string All => (Output + Errors).Trim();
    }

    /// <summary>Runs it and collects both streams; it is killed at the bound.</summary>
    public static async Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, TimeSpan? atMost = null)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var bound = new CancellationTokenSource(atMost ?? TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw new ToolException($"{program} {string.Join(' ', arguments)} did not end within its bound");
        }

        return new Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs it and expects success.</summary>
    public static async Task<string> MustRunAsync(string program, params string[] arguments)
    {
        Outcome outcome = await RunAsync(program, arguments);
        return outcome.ExitCode == 0
            ? outcome.Output
            : throw new ToolException($"{program} {string.Join(' ', arguments)}: exit code {outcome.ExitCode}: {outcome.All}");
    }

    /// <summary>The first of the programs that is not installed, or null.</summary>
    public static string? Missing(params string[] programs)
    {
        string[] path = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];
        return programs.FirstOrDefault(program => !path.Any(directory => File.Exists(Path.Combine(directory, program))));
    }
}

/// <summary>A helper program failed; the faults it makes cannot be made.</summary>
internal sealed class ToolException(string message) : Exception(message);
