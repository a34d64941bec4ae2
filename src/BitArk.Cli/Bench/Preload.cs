using BitArk.Cli.Terminal;

namespace BitArk.Cli.Bench;

/// <summary>Gives every channel of every user a read set before reads are measured: the first half of its messages, as a reader who is behind leaves it.</summary>
internal sealed class Preload(IBenchTarget target, BenchOptions options)
{
    private const int OperationsPerCall = 1_000;
    private const int CallsUnderWay = 8;

    /// <summary>Writes them all.</summary>
    /// <exception cref="CliException">A write failed.</exception>
    public async Task<long> RunAsync(IWorkProgress progress, CancellationToken cancellation)
    {
        long done = 0, total = (long)options.Users * options.Channels;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = CallsUnderWay, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Operations().Chunk(OperationsPerCall), parallel, async (chunk, stop) =>
        {
            var result = await target.WriteAsync(0, chunk, stop).ConfigureAwait(false);
            if (result.Failure is { } reason)
            {
                throw new CliException(ExitCode.DamageFound, $"the read sets to look up could not be written: {reason}");
            }

            progress.Report(Interlocked.Add(ref done, chunk.Length), total);
        }).ConfigureAwait(false);
        return done;
    }

    private IEnumerable<MarkOperation> Operations()
    {
        var range = new MessageRange(1, Math.Max(1, options.Messages / 2));
        for (var user = 1; user <= options.Users; user++)
        {
            for (var channel = 1; channel <= options.Channels; channel++)
            {
                yield return new MarkOperation(OperationKind.Mark, NamespaceId.Default, new UserId(user), new ChannelId(channel), range);
            }
        }
    }
}
