using BitArk.Cli.Nodes;
using BitArk.Cli.Replay;
using BitArk.Cli.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace BitArk.Cli.Tests.Replay;

public sealed class ReplayFeederSpecs
{
    private const int Reads = 103;
    private static readonly ReplayPosition Start = new(default, "c", "", 10, 0, 0, 0);
    private readonly List<ReplayPosition> _saved = [];

    [Fact]
    public async Task Should_send_every_read_once_when_nothing_fails()
    {
        var target = new FlakyTarget(_ => new BatchOutcome.Acknowledged(1));
        var end = await FeedAsync(target, Start);
        Assert.Equal(Start with { Reads = Reads, Changed = 11 }, end);
        Assert.Equal(Enumerable.Range(1, Reads).Select(i => (long)i), target.Received.SelectMany(write => write.Users).Order());
        Assert.Equal(end, _saved[^1]);
    }

    [Fact]
    public async Task Should_send_a_batch_again_when_its_outcome_is_retriable()
    {
        var target = new FlakyTarget(attempt => attempt % 3 == 0 ? new BatchOutcome.Acknowledged(1) : new BatchOutcome.Retriable("away"));
        Assert.Equal(Start with { Reads = Reads, Changed = 11, IsExact = false }, await FeedAsync(target, Start));
    }

    [Theory]
    [InlineData(5, 10, true)]
    [InlineData(0, 10, false)]
    [InlineData(5, 103, true)]
    public async Task Should_trust_the_count_of_a_repeated_batch_only_when_a_session_keeps_its_answer(long session, int batch, bool exact)
    {
        var target = new FlakyTarget(attempt => attempt == 1 ? new BatchOutcome.Retriable("answer lost") : new BatchOutcome.Acknowledged(1));
        Assert.Equal(exact, (await FeedAsync(target, Start with { Session = session, BatchSize = batch })).IsExact);
    }

    [Fact]
    public async Task Should_not_trust_the_count_of_a_repeated_batch_when_it_is_too_large_for_a_session_to_keep()
    {
        var target = new FlakyTarget(attempt => attempt == 1 ? new BatchOutcome.Retriable("answer lost") : new BatchOutcome.Acknowledged(1));
        Assert.False((await FeedAsync(target, Start with { Session = 5, BatchSize = 100 }, rangeLength: 2)).IsExact);
    }

    [Fact]
    public async Task Should_give_each_batch_its_sequence_of_the_first_run_when_it_resumes_a_session()
    {
        var target = new FlakyTarget(_ => new BatchOutcome.Acknowledged(1));
        await FeedAsync(target, Start with { Session = 9, Reads = 30 });
        Assert.Equal([4L, 5, 6, 7, 8, 9, 10, 11], target.Received.Select(write => write.Sequence).Order());
        Assert.All(target.Received, write => Assert.Equal((write.Sequence - 1) * 10, write.Users[0] - 1));
    }

    [Fact]
    public async Task Should_never_be_further_ahead_of_the_saved_position_than_a_session_remembers()
    {
        _saved.Add(Start);
        var furthest = 0L;
        var target = new FlakyTarget(_ => new BatchOutcome.Acknowledged(1))
        {
            OnSend = sequence => furthest = Math.Max(furthest, sequence - _saved[^1].Reads),
        };
        await FeedAsync(target, Start with { Session = 9, BatchSize = 1 }, inFlight: 1, time: new FakeTimeProvider());
        Assert.Equal(64, furthest);
    }

    [Fact]
    public async Task Should_write_a_batch_without_the_session_when_the_session_has_forgotten_its_sequence()
    {
        var target = new FlakyTarget(attempt => attempt == 3 ? new BatchOutcome.Forgotten() : new BatchOutcome.Acknowledged(1));
        var end = await FeedAsync(target, Start with { Session = 9 }, inFlight: 1);
        Assert.Equal(Start with { Session = 9, Reads = Reads, Changed = 11, IsExact = false }, end);
        Assert.Equal([1L, 2, 0, 4, 5, 6, 7, 8, 9, 10, 11], target.Received.Select(write => write.Sequence));
    }

    [Fact]
    public async Task Should_send_nothing_when_the_trace_is_done_already()
    {
        var target = new FlakyTarget(_ => new BatchOutcome.Acknowledged(1));
        Assert.Equal(Start with { Reads = Reads }, await FeedAsync(target, Start with { Reads = Reads }));
        Assert.Empty(target.Received);
    }

    [Fact]
    public async Task Should_keep_the_prefix_and_stop_when_a_batch_is_refused()
    {
        var target = new FlakyTarget(attempt => attempt == 5 ? new BatchOutcome.Refused("no") : new BatchOutcome.Acknowledged(1));
        var failure = await Assert.ThrowsAsync<CliException>(() => FeedAsync(target, Start, inFlight: 1));
        Assert.Equal(ExitCode.DamageFound, failure.ExitCode);
        Assert.Equal(40, _saved[^1].Reads);
    }

    [Fact]
    public async Task Should_stop_as_node_away_when_nothing_succeeds_for_longer_than_the_limit()
    {
        var time = new FakeTimeProvider();
        var target = new FlakyTarget(attempt =>
        {
            if (attempt > 20)
            {
                time.Advance(TimeSpan.FromSeconds(61));
            }

            return attempt > 10 ? new BatchOutcome.Retriable("connection refused") : new BatchOutcome.Acknowledged(1);
        });
        time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
        var feeding = FeedAsync(target, Start, inFlight: 1, time: time);
        while (!feeding.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var failure = await Assert.ThrowsAsync<CliException>(() => feeding);
        Assert.Equal(ExitCode.NodeAway, failure.ExitCode);
        Assert.Contains("connection refused", failure.Message, StringComparison.Ordinal);
        Assert.Equal(100, _saved[^1].Reads);
    }

    [Fact]
    public async Task Should_keep_the_prefix_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var target = new FlakyTarget(attempt =>
        {
            if (attempt > 3)
            {
                cancellation.Cancel();
                return new BatchOutcome.Retriable("away");
            }

            return new BatchOutcome.Acknowledged(1);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FeedAsync(target, Start, inFlight: 1, cancellation: cancellation.Token));
        Assert.Equal(30, _saved[^1].Reads);
    }

    private async Task<ReplayPosition> FeedAsync(
        IReplayTarget target, ReplayPosition start, int inFlight = 4, TimeProvider? time = null, int rangeLength = 1, CancellationToken cancellation = default)
    {
        time ??= TimeProvider.System;
        var rows = Enumerable.Range(1, Reads).SelectMany(i => new TraceRow[]
        {
            new(i, 1, i, TraceKind.Post, i, i),
            new(i, 1, i, TraceKind.Read, i, i + rangeLength - 1),
        });
        using var feeder = new ReplayFeeder(
            target,
            inFlight,
            new AwayLimit(TimeSpan.FromSeconds(60), time),
            new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), new Random(1)),
            time)
        {
            OnPosition = _saved.Add,
        };
        return await feeder.RunAsync(rows, start, Reads, NoProgress.Instance, cancellation);
    }

    /// <summary>Answers the n-th call (from 1) as it is told, after leaving the caller's thread.</summary>
    private sealed class FlakyTarget(Func<int, BatchOutcome> answer) : IReplayTarget
    {
        private readonly List<Write> _received = [];
        private int _calls;

        /// <summary>Told of each call's sequence.</summary>
        public Action<long> OnSend { get; init; } = static _ => { };

        /// <summary>The acknowledged writes.</summary>
        public IReadOnlyList<Write> Received => _received;

        public async Task<BatchOutcome> WriteAsync(IReadOnlyList<TraceRow> reads, long session, long sequence, CancellationToken cancellation)
        {
            OnSend(sequence);
            await Task.Yield();
            var outcome = answer(Interlocked.Increment(ref _calls));
            if (outcome is BatchOutcome.Acknowledged)
            {
                lock (_received)
                {
                    _received.Add(new Write(sequence, [.. reads.Select(read => read.User)]));
                }
            }

            return outcome;
        }
    }

    private sealed record Write(long Sequence, long[] Users);
}
