using System.Diagnostics;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using Grpc.Core;

namespace BitArk.Chaos.Clusters;

/// <summary>
/// Callers as applications have them: each writes a mark under its session and reads it back from the leader, through any node, and asks the next node
/// when one refuses or is gone, until the deadline of the call. What has no answer then is a failed call.
/// </summary>
internal sealed class PatientCallers : IAsyncDisposable
{
    private const long FirstSession = 8_000_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeClient[] _clients;
    private readonly Task _running;
    private readonly Lock _lock = new();
    private readonly List<string> _failed = [];
    private long _calls;
    private long _repeats;
    private TimeSpan _longest;

    private PatientCallers(Trio trio, int callers)
    {
        _clients = [.. trio.Members.Select(member => new NodeClient(member.Grpc))];
        _running = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller))));
    }

    /// <summary>Calls that were answered.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Attempts that were made again, at the same node or another.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    /// <summary>The calls that had no answer in time, and the reads that lacked what was acknowledged, each in a line.</summary>
    public IReadOnlyList<string> Failed
    {
        get
        {
            lock (_lock)
                return [.. _failed];
        }
    }

    /// <summary>Begins.</summary>
    public static PatientCallers Begin(Trio trio, int callers) => new(trio, callers);

    /// <summary>The longest call since the last look, its repeats included.</summary>
    public TimeSpan TakeLongest()
    {
        lock (_lock)
        {
            TimeSpan longest = _longest;
            _longest = TimeSpan.Zero;
            return longest;
        }
    }

    /// <summary>Waits for so many more answered calls.</summary>
    /// <exception cref="NodeException">They did not come.</exception>
    public async Task MoreAsync(int count, TimeSpan atMost)
    {
        long goal = Calls + count;
        if (!await Eventually.HoldsAsync(() => Calls >= goal, atMost))
            throw new NodeException($"only {Calls} of {goal} calls were answered within {atMost.TotalSeconds} s; {string.Join("; ", Failed.Take(5))}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        foreach (NodeClient client in _clients)
            client.Dispose();
        _stop.Dispose();
    }

    private async Task CallAsync(int caller)
    {
        long session = FirstSession + caller;
        var key = new ReadSetKey(NamespaceId.Default, new UserId(session), new ChannelId(1));
        int turn = caller;
        for (long sequence = 1; !_stop.IsCancellationRequested; sequence++)
        {
            long message = 2 * sequence;
            MarkOperation[] write = [new(OperationKind.Mark, key.Namespace, key.User, key.Channel, new MessageRange(message, message))];
            (bool written, turn) = await TryAsync($"write {sequence} of session {session}", turn, async (client, left) =>
                (await client.WriteAsync(write, (session, sequence), left))[0] switch
                {
                    OperationAnswer.Acknowledged => null,
                    OperationAnswer.Refused refused => refused.Reason,
                    var open => open.ToString(),
                });
            if (!written)
                continue;
            (_, turn) = await TryAsync($"read of message {message} of user {session}", turn, async (client, left) =>
            {
                // The same question asked again might be answered rightly: what was said once counts.
                if (!await client.IsReadAsync(key, message, left))
                    Fail($"message {message} of user {session} was acknowledged, and then answered as unread");
                return null;
            });
        }
    }

    // Null is an answer; anything else says why another attempt is made.
    private async Task<(bool Answered, int Turn)> TryAsync(string what, int turn, Func<NodeClient, TimeSpan, Task<string?>> attempt)
    {
        long began = Stopwatch.GetTimestamp();
        for (; ; turn++)
        {
            TimeSpan left = Deadline - Stopwatch.GetElapsedTime(began);
            string? why = await AttemptAsync(_clients[turn % _clients.Length], left, attempt);
            if (why is null)
            {
                Interlocked.Increment(ref _calls);
                Keep(Stopwatch.GetElapsedTime(began));
                return (true, turn);
            }

            if (Stopwatch.GetElapsedTime(began) + Pause >= Deadline)
            {
                Fail($"{what}: {why}");
                return (false, turn + 1);
            }

            Interlocked.Increment(ref _repeats);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static async Task<string?> AttemptAsync(NodeClient client, TimeSpan left, Func<NodeClient, TimeSpan, Task<string?>> attempt)
    {
        try
        {
            return await attempt(client, left);
        }
        catch (RpcException refused)
        {
            return refused.Status.ToString();
        }
    }

    private void Fail(string what)
    {
        lock (_lock)
            _failed.Add(what);
    }

    private void Keep(TimeSpan took)
    {
        lock (_lock)
            _longest = took > _longest ? took : _longest;
    }
}
