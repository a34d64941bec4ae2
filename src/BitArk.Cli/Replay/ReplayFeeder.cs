using System.Numerics;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Replay;

/// <summary>
/// Feeds the reads of a trace to a node in batches, several under way at once. Their order does not matter: marks are set
/// unions, so they commute and may be repeated, and a trace never takes a read back. So a batch that failed is sent again
/// as it is while later ones go on, and a resumed replay repeats what was behind the acknowledged prefix.
/// </summary>
internal sealed class ReplayFeeder(IReplayTarget target, int inFlight, AwayLimit away, Backoff backoff, TimeProvider time) : IDisposable
{
    /// <summary>The most batches under way in a session: half of what a session remembers, so that a position half a window old can be resumed from.</summary>
    public const int MaxInFlightInSession = SessionWindow / 2;

    /// <summary>Sequences a session remembers (the default of <c>bitark.sessions.window</c>).</summary>
    private const int SessionWindow = 64;

    private static readonly TimeSpan SaveEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>What a node keeps of a session's answer: operations times bits of the largest count; a repeat of a larger one answers zeros.</summary>
    private const int KeptAnswerBits = 160;

    private readonly AckWindow _window = new(inFlight);
    private readonly SemaphoreSlim _progressed = new(0);
    private readonly Lock _lock = new();
    private long _savedBatches;

    /// <summary>Where the acknowledged prefix ends, told at most every 250 ms and when feeding ends, whatever ends it.</summary>
    public Action<ReplayPosition> OnPosition { get; init; } = static _ => { };

    /// <summary>Sends every read behind <paramref name="start"/> and returns the position after the last one.</summary>
    /// <exception cref="CliException">A batch was refused, or the node was away for too long.</exception>
    public async Task<ReplayPosition> RunAsync(IEnumerable<TraceRow> rows, ReplayPosition start, long totalReads, IWorkProgress progress, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new HashSet<Task>();
        var lastSaved = time.GetTimestamp();
        try
        {
            foreach (var batch in Batches(rows, start))
            {
                await RoomAsync(running).ConfigureAwait(false);
                if (time.GetElapsedTime(lastSaved) >= SaveEvery || WouldOutrunSession(start))
                {
                    lastSaved = time.GetTimestamp();
                    progress.Report(Save(start).Reads, totalReads);
                }

                running.Add(SendAsync(Begin(), batch, start, stop.Token));
            }

            await Task.WhenAll(running).ConfigureAwait(false);
            return Save(start);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Save(start);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _progressed.Dispose();

    private static IEnumerable<TraceRow[]> Batches(IEnumerable<TraceRow> rows, ReplayPosition start)
    {
        long toSkip = start.Reads;
        return rows.Where(row => row.Kind == TraceKind.Read && toSkip-- <= 0).Chunk(start.BatchSize);
    }

    /// <summary>Waits until the window has room; a failed batch ends the waiting with its exception.</summary>
    private async Task RoomAsync(HashSet<Task> running)
    {
        while (true)
        {
            foreach (var ended in running.Where(task => task.IsCompleted).ToArray())
            {
                running.Remove(ended);
                await ended.ConfigureAwait(false);
            }

            lock (_lock)
            {
                if (_window.HasRoom)
                {
                    return;
                }
            }

            await _progressed.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether the next batch would lie so far behind the saved position that resuming there meets sequences the session has forgotten.</summary>
    private bool WouldOutrunSession(ReplayPosition start)
    {
        lock (_lock)
        {
            return start.Session != 0 && _window.Started - _savedBatches >= SessionWindow;
        }
    }

    private ReplayPosition Save(ReplayPosition start)
    {
        ReplayPosition position;
        lock (_lock)
        {
            _savedBatches = _window.PrefixBatches;
            position = start with
            {
                Reads = start.Reads + _window.PrefixReads,
                Changed = start.Changed + _window.PrefixChanged,
                IsExact = start.IsExact && _window.IsPrefixExact,
            };
        }

        OnPosition(position);
        return position;
    }

    private long Begin()
    {
        lock (_lock)
        {
            return _window.Start();
        }
    }

    private async Task SendAsync(long index, TraceRow[] batch, ReplayPosition start, CancellationToken cancellation)
    {
        try
        {
            // Batches are counted from the beginning of the trace, so a resumed replay gives each its old sequence again.
            var sequence = start.Session == 0 ? 0 : (start.Reads / start.BatchSize) + index + 1;
            var sent = await UntilAcknowledgedAsync(batch, start.Session, sequence, cancellation).ConfigureAwait(false);
            // What is behind a resumed position may have been written before, too.
            var isFirst = sent.Attempts == 1 && start.Reads == 0;
            lock (_lock)
            {
                _window.Complete(index, batch.Length, sent.Changed, isExact: isFirst || (sent.InSession && IsAnswerKept(batch)));
            }
        }
        finally
        {
            _progressed.Release();
        }
    }

    private static bool IsAnswerKept(TraceRow[] batch)
    {
        var longest = batch.Max(row => row.To - row.From + 1);
        return batch.Length * (BitOperations.Log2((ulong)longest) + 1) <= KeptAnswerBits;
    }

    private async Task<(long Changed, int Attempts, bool InSession)> UntilAcknowledgedAsync(TraceRow[] batch, long session, long sequence, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            switch (await target.WriteAsync(batch, session, sequence, cancellation).ConfigureAwait(false))
            {
                case BatchOutcome.Acknowledged acknowledged:
                    away.Succeeded();
                    return (acknowledged.Changed, attempt, session != 0);
                case BatchOutcome.Retriable failure:
                    away.Failed(failure.Reason);
                    await Task.Delay(backoff.After(attempt), time, cancellation).ConfigureAwait(false);
                    break;
                case BatchOutcome.Forgotten when session != 0:
                    // A mark twice is a mark: written again without the session, only its count is lost.
                    (session, sequence) = (0, 0);
                    break;
                case BatchOutcome.Refused refusal:
                    throw new CliException(ExitCode.DamageFound, $"the node refuses a batch: {refusal.Reason}");
                default:
                    throw new InvalidOperationException("an outcome without a case");
            }
        }
    }
}
