using BitArk.Cluster;

namespace BitArk.Node.Hosting;

/// <summary>One life of the host: start, wait, stop; and what its end means for the exit code.</summary>
internal static class HostRun
{
    /// <summary>Runs the host to its end.</summary>
    /// <param name="app">Not started yet.</param>
    /// <param name="failure">Completes when the node cannot go on.</param>
    /// <param name="wasAsked">Whether the process was asked to leave.</param>
    /// <param name="error">Gets one line when the exit code is not 0.</param>
    public static async Task<int> RunAsync(WebApplication app, Task<NodeFailure> failure, Func<bool> wasAsked, TextWriter error)
    {
        // Said the moment it happens: if the broken disk never lets go, the process is ended from outside this method.
        var said = failure.ContinueWith(
            failed => error.WriteLine($"bitark: the node cannot go on: {failed.Result}"),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        var broken = await TryAsync(app).ConfigureAwait(false);

        // A failure stops the host, even one that is still starting: what the host says about that is not the reason.
        if (failure.IsCompletedSuccessfully)
        {
            await said.ConfigureAwait(false);
            return NodeFailure.ExitCode;
        }

        if (broken is null && wasAsked())
            return NodeProcess.Ok;

        await error.WriteLineAsync(broken ?? "bitark: the node stopped by itself; the log says why").ConfigureAwait(false);
        return NodeProcess.Failed;
    }

    /// <summary>The line for a start that failed.</summary>
    public static string CannotStart(Exception e) => $"bitark: the node cannot start: {OneLine(e)}";

    /// <summary>Answers the line that says what broke; null when the host ended as it was told to.</summary>
    private static async Task<string?> TryAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Partitions may be running already: their logs are closed and their memory is left before anything is freed.
            await StopAsync(app).ConfigureAwait(false);
            return e is OperationCanceledException && app.Lifetime.ApplicationStopping.IsCancellationRequested ? null : CannotStart(e);
        }

        try
        {
            await app.WaitForShutdownAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            return $"bitark: the node did not end in order: {OneLine(e)}";
        }
    }

    private static async Task StopAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Parts that never started may refuse to stop; why the start failed is what counts.
        }
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");
}
