using System.Diagnostics;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Clusters;

/// <summary>
/// One client that writes a mark at a time under its session, through any node, and repeats what was refused or stayed open at the next one:
/// what it waits between two acknowledgements is how long the cluster took no writes.
/// </summary>
internal sealed class SteadyWriter : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeClient[] _clients;
    private readonly long _session;
    private readonly Task _running;
    private readonly Lock _gate = new();
    private long _last = Stopwatch.GetTimestamp();
    private TimeSpan _longest;
    private long _count;

    private SteadyWriter(Trio trio, long session)
    {
        _session = session;
        _clients = [.. trio.Members.Select(member => new NodeClient(member.Grpc))];
        _running = Task.Run(WriteAsync);
    }

    /// <summary>Acknowledged so far.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Begins.</summary>
    /// <param name="trio">Where.</param>
    /// <param name="session">Not another one's.</param>
    public static SteadyWriter Begin(Trio trio, long session) => new(trio, session);

    /// <summary>The longest time without an acknowledgement since the last call.</summary>
    public TimeSpan TakeLongest()
    {
        lock (_gate)
        {
            var longest = _longest;
            _longest = TimeSpan.Zero;
            return longest;
        }
    }

    /// <summary>Waits for so many more acknowledgements.</summary>
    /// <exception cref="NodeException">They did not come.</exception>
    public async Task MoreAsync(int count, TimeSpan atMost)
    {
        var goal = Count + count;
        if (!await Eventually.HoldsAsync(() => Count >= goal, atMost))
            throw new NodeException($"only {Count} of {goal} writes were acknowledged within {atMost.TotalSeconds} s");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        foreach (var client in _clients)
            client.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        var (turn, sequence) = (0, 1L);
        while (!_stop.IsCancellationRequested)
        {
            MarkOperation[] write = [new(OperationKind.Mark, NamespaceId.Default, new UserId(_session), new ChannelId(1), new MessageRange(2 * sequence, 2 * sequence))];
            if ((await _clients[turn % _clients.Length].WriteAsync(write, (_session, sequence)))[0] is not OperationAnswer.Acknowledged)
            {
                turn++;
                await Task.Delay(Pause, CancellationToken.None);
                continue;
            }

            sequence++;
            lock (_gate)
            {
                var now = Stopwatch.GetTimestamp();
                var waited = Stopwatch.GetElapsedTime(_last, now);
                (_last, _longest) = (now, waited > _longest ? waited : _longest);
            }

            Interlocked.Increment(ref _count);
        }
    }
}
