using System.Diagnostics;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Histories;
using BitArk.Protocol;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>
/// Asks one node what only a leader may answer, and forbids it to ask anybody else. All of it belongs to the history of the run, too. Many
/// questions may be under way at once: each counts as a client of its own.
/// </summary>
internal sealed class Prober
{
    private const int FirstClient = 10_000;
    private const int Users = 64;
    private static long _nextWrite;
    private static int _nextClient = FirstClient;
    private readonly FaultScene _scene;
    private readonly Member _node;
    private readonly UserId _user;
    private readonly List<Task<ClusterOperation>> _asked = [];

    /// <summary>Asks about a partition.</summary>
    public Prober(FaultScene scene, Member node, int partition)
    {
        (_scene, _node) = (scene, node);
        _user = Enumerable.Range(5_000, Users).Select(id => new UserId(id)).First(user => scene.History.PartitionOf(user) == partition);
    }

    /// <summary>One write, without a session and a reading of the leader's and of anybody's memory, at once.</summary>
    public void Ask(TimeSpan atMost)
    {
        _asked.Add(WriteAsync(atMost));
        _asked.Add(ReadAsync(Consistency.Leader, atMost));
        _asked.Add(ReadAsync(Consistency.Any, atMost));
    }

    /// <summary>Asks again and again for some time.</summary>
    public async Task AskAsync(TimeSpan during, TimeSpan atMost)
    {
        long began = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            Ask(atMost);
            await ticks.WaitForNextTickAsync();
        }
        while (Stopwatch.GetElapsedTime(began) < during);
    }

    /// <summary>The answers that are there by now.</summary>
    public IEnumerable<ClusterOperation> Heard => _asked.Where(asked => asked.IsCompletedSuccessfully).Select(asked => asked.Result);

    /// <summary>All answers, once the last one is there.</summary>
    public async Task<IReadOnlyList<ClusterOperation>> AnswersAsync() => await Task.WhenAll(_asked);

    private async Task<ClusterOperation> WriteAsync(TimeSpan atMost)
    {
        long id = Interlocked.Increment(ref _nextWrite);
        var write = new ClusterOperation.Write([new MarkOperation(OperationKind.Mark, NamespaceId.Default, _user, new ChannelId(0), new MessageRange(id, id))], 0, 0, [])
        {
            Client = Interlocked.Increment(ref _nextClient),
            Invoke = Stopwatch.GetTimestamp(),
            Return = 0,
            Outcome = Outcome.Unknown,
            Node = _node.Name,
        };
        CallAnswer answer = await _scene.Clients[_scene.IndexOf(_node)].WriteAsync(write, null, atMost, stays: true, waits: true);
        return Over(write with { Changed = answer.Changed }, answer);
    }

    private async Task<ClusterOperation> ReadAsync(Consistency consistency, TimeSpan atMost)
    {
        var key = new ReadSetKey(NamespaceId.Default, _user, new ChannelId(0));
        long newest = Volatile.Read(ref _nextWrite);
        long[] messages = [.. Enumerable.Range(0, 4).Select(back => newest - back).Where(id => id > 0)];
        var read = new ClusterOperation.Read(key, messages, [], consistency)
        {
            Client = Interlocked.Increment(ref _nextClient),
            Invoke = Stopwatch.GetTimestamp(),
            Return = 0,
            Outcome = Outcome.Failed,
            Node = _node.Name,
        };
        CallAnswer answer = await _scene.Clients[_scene.IndexOf(_node)].ReadAsync(key, messages, consistency, null, atMost, stays: true, waits: true);
        return Over(read with { Bits = answer.Bits }, answer);
    }

    private ClusterOperation Over(ClusterOperation asked, CallAnswer answer)
    {
        TokenEntry? token = answer.Token is not null && answer.Token.TryFind(new PartitionId(_scene.History.PartitionOf(_user)), out TokenEntry entry) ? entry : null;
        ClusterOperation over = asked with { Return = Stopwatch.GetTimestamp(), Outcome = answer.Outcome, Reason = answer.Reason, Token = token };
        _scene.History.Add(over);
        return over;
    }
}
