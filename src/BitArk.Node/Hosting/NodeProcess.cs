using BitArk.Cluster;

namespace BitArk.Node.Hosting;

/// <summary>The process around the host: its arguments, its exit code, and one clear line on stderr when it cannot go on.</summary>
internal static class NodeProcess
{
    /// <summary>Left when asked to.</summary>
    public const int Ok = 0;

    /// <summary>Could not start: a port that is taken, a data directory that is in use or cannot be read.</summary>
    public const int Failed = 1;

    /// <summary>Never started: arguments or settings cannot be used.</summary>
    public const int Misconfigured = 2;

    private const int MinWorkerThreads = 64;

    private const string Usage = """
        BitArk node: keeps which user has read which message.

        usage: BitArk.Node [--config FILE]… [--set KEY=VALUE]…

          --config FILE     reads settings (HOCON) over the defaults; later ones win
          --set KEY=VALUE   sets one key, for example --set bitark.http.port=9080
          --help            prints this

        Without arguments: one node, one partition, data in ./data, JSON on 127.0.0.1:8080, gRPC on 127.0.0.1:8081.
        Every key with default, unit and meaning: hocon/reference.conf
        """;

    /// <summary>
    /// Threads beyond the processor count are otherwise injected at about one a second: a burst after a pause would wait
    /// for them, and so would the ActorSystem's heartbeats.
    /// </summary>
    public static void PrepareThreadPool()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, MinWorkerThreads), completions);
    }

    /// <summary>Runs a node until it is told to stop or cannot go on; answers the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            await output.WriteLineAsync(Usage).ConfigureAwait(false);
            return Ok;
        }

        try
        {
            var settings = SettingsLoader.FromArguments(arguments);
            Listeners.RequireOne(settings.Listeners);
            var app = NodeApplication.Build(settings, services => services.AddBitArk(settings));
            var node = app.Services.GetRequiredService<BitArkNode>();
            app.Lifetime.ApplicationStarted.Register(() => node.AnnounceGrpc(app.Services.GetRequiredService<BoundPorts>().Grpc));
            using var request = new LeaveRequest();
            await using (app.ConfigureAwait(false))
                return await HostRun.RunAsync(app, node.Failure, () => request.IsMade, error).ConfigureAwait(false);
        }
        catch (SettingsException e)
        {
            await error.WriteLineAsync($"bitark: {e.Message}").ConfigureAwait(false);
            return Misconfigured;
        }
        catch (Exception e)
        {
            // Whatever it is, an operator gets one line; the exit code says that it is final.
            await error.WriteLineAsync(HostRun.CannotStart(e)).ConfigureAwait(false);
            return Failed;
        }
    }
}
