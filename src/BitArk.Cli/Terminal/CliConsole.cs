using Spectre.Console;

namespace BitArk.Cli.Terminal;

/// <summary>
/// Where a command speaks: results go to <see cref="Out"/>, which a script may parse; notices and progress go to
/// <see cref="Error"/>, and progress only when that is a terminal.
/// </summary>
internal sealed class CliConsole
{
    private readonly IAnsiConsole? _terminal;

    /// <summary>A console over any two writers; <paramref name="terminal"/> is null when nobody watches.</summary>
    public CliConsole(TextWriter output, TextWriter error, IAnsiConsole? terminal = null)
    {
        Out = output;
        Error = error;
        _terminal = terminal;
    }

    /// <summary>Results.</summary>
    public TextWriter Out { get; }

    /// <summary>Notices and errors.</summary>
    public TextWriter Error { get; }

    /// <summary>The console of this process.</summary>
    public static CliConsole ForProcess()
    {
        IAnsiConsole? terminal = Console.IsErrorRedirected
            ? null
            : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new CliConsole(Console.Out, Console.Error, terminal);
    }

    /// <summary>Runs long work under a progress bar, or silently when nobody watches.</summary>
    public async Task<T> WithProgressAsync<T>(string title, Func<IWorkProgress, Task<T>> work)
    {
        if (_terminal is null)
        {
            return await work(NoProgress.Instance).ConfigureAwait(false);
        }

        return await _terminal.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new BarProgress(context.AddTask(Markup.Escape(title)))))
            .ConfigureAwait(false);
    }

    private sealed class BarProgress(ProgressTask task) : IWorkProgress
    {
        public void Report(long done, long total)
        {
            task.MaxValue = Math.Max(1, total);
            task.Value = Math.Min(done, task.MaxValue);
        }
    }
}
