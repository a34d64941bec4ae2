using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Replay;

/// <summary>One <c>bitark replay</c>: model, feed, compare, report.</summary>
internal sealed class ReplayRun(ReplayOptions options, CliConsole console, TimeProvider time)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);
    private readonly AwayLimit _away = new(options.GiveUpAfter, time);
    private readonly Backoff _backoff = new(FirstRetry, LongestRetry, new Random());

    /// <summary>Runs it; <see cref="ExitCode.DamageFound"/> when the node holds anything else than the trace says.</summary>
    public async Task<ExitCode> RunAsync(CancellationToken cancellation)
    {
        var model = TraceModel.Of(TraceReader.ReadFile(options.Trace));
        using var connection = NodeConnection.Open(options.Node);
        var calls = new RepeatedCalls(_away, _backoff, time);
        var cluster = await calls.CallAsync(call => connection.Admin.ClusterAsync(new ClusterRequest(), call), cancellation).ConfigureAwait(false);

        var resumeFile = new ResumeFile(options.ResumeFile);
        var start = Start(resumeFile, cluster.ClusterId);
        var began = time.GetTimestamp();
        var end = await FeedAsync(connection, resumeFile, start, model, cancellation).ConfigureAwait(false);
        var elapsed = time.GetElapsedTime(began);

        var report = new ReplayReport
        {
            TraceName = Path.GetFileName(options.Trace),
            Model = model,
            Node = $"{options.Node} ({cluster.AnsweredBy}, cluster {cluster.ClusterId}, {cluster.Partitions.Count} partitions)",
            Start = start,
            End = end,
            MarksSent = MarksBehind(start),
            Elapsed = elapsed,
            InFlight = options.InFlight,
            Retries = _away.Retries,
            Verified = options.Verify ? await VerifyAsync(connection, calls, model, cancellation).ConfigureAwait(false) : null,
        };
        report.WriteTo(console.Out);
        return report.IsSound ? ExitCode.Fine : ExitCode.DamageFound;
    }

    private ReplayPosition Start(ResumeFile file, string cluster)
    {
        var session = options.Session ? Random.Shared.NextInt64(1, BitArk.Ids.Max) : 0;
        var fresh = new ReplayPosition(TraceFingerprint.OfFile(options.Trace), cluster, options.Namespace, options.Batch, session, 0, 0);
        if (!options.Resume)
        {
            return fresh;
        }

        var kept = file.Load(out var problem);
        if (problem is not null)
        {
            console.Error.WriteLine($"bitark: {problem}: starting from the beginning, which is safe");
        }

        if (kept is null)
        {
            return fresh;
        }

        if (kept.Conflict(fresh) is { } conflict)
        {
            throw CliException.Usage($"{file.Path}: {conflict}; delete it or name another with --resume-file");
        }

        return kept with { BatchSize = options.Batch };
    }

    private async Task<ReplayPosition> FeedAsync(NodeConnection connection, ResumeFile file, ReplayPosition start, TraceModel model, CancellationToken cancellation)
    {
        var target = new GrpcReplayTarget(connection.ReadStatus, options.Namespace, time);
        using var feeder = new ReplayFeeder(target, options.InFlight, _away, _backoff, time) { OnPosition = file.Save };
        return await console.WithProgressAsync(
            "replaying",
            progress => feeder.RunAsync(TraceReader.ReadFile(options.Trace), start, model.Reads, progress, cancellation)).ConfigureAwait(false);
    }

    private Task<VerifyResult> VerifyAsync(NodeConnection connection, RepeatedCalls calls, TraceModel model, CancellationToken cancellation)
    {
        var verifier = new ReplayVerifier(connection.ReadStatus, calls, options.Namespace, options.InFlight);
        return console.WithProgressAsync("verifying", progress => verifier.RunAsync(model, progress, cancellation));
    }

    private long MarksBehind(ReplayPosition start) => TraceReader.ReadFile(options.Trace)
        .Where(row => row.Kind == TraceKind.Read)
        .Skip((int)Math.Min(int.MaxValue, start.Reads))
        .Sum(row => row.To - row.From + 1);
}
