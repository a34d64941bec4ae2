using System.Diagnostics;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Histories;
using BitArk.Protocol;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>
/// One client that asks one thing at a time, of any node, and records everything. Three of four have a session and repeat a write elsewhere
/// until they know what became of it; the others take the first answer.
/// </summary>
internal sealed class HistoryLane(int number, int seed, long[] counters, RunHistory history, IReadOnlyList<Member> members, ClusterWatch watch)
{
    private static readonly TimeSpan CallBound = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AskingBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly SharedWorkload _workload = new(number, seed, counters);
    private readonly bool _hasSession = number % 4 != 3;
    private SessionToken? _seen;
    private long _sequence;

    /// <summary>Asks until told to stop.</summary>
    public async Task RunAsync(IReadOnlyList<HistoryClient> clients, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            ClusterOperation over = await (_workload.NextIsWrite() ? WriteAsync(clients) : ReadAsync(clients));
            history.Add(over);
            // A refusal is an answer at once; without a pause it would be asked for again in a busy loop.
            if (over.Outcome != Outcome.Ok)
                await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task<ClusterOperation> WriteAsync(IReadOnlyList<HistoryClient> clients)
    {
        List<MarkOperation> operations = !_hasSession || _workload.Dice(3) == 0 ? _workload.OwnWrite() : _workload.SharedWrite();
        int partition = history.PartitionOf(operations[0].User);
        int node = _workload.Dice(clients.Count);
        long began = Stopwatch.GetTimestamp();
        var write = new ClusterOperation.Write(operations, _hasSession ? 1 + number : 0, _hasSession ? ++_sequence : 0, [])
        {
            Client = number,
            Invoke = began,
            Return = began,
            Outcome = Outcome.Unknown,
            Sent = Entry(_seen, partition),
        };
        bool isOpen = false;
        while (true)
        {
            CallAnswer answer = await clients[node].WriteAsync(write, _seen, CallBound);
            isOpen |= answer.Outcome == Outcome.Unknown;
            bool again = _hasSession && isOpen && answer.Outcome != Outcome.Ok && Stopwatch.GetElapsedTime(began) < AskingBound;
            if (!again)
            {
                Outcome outcome = answer.Outcome == Outcome.Failed && isOpen ? Outcome.Unknown : answer.Outcome;
                See(answer.Token);
                return write with { Return = Stopwatch.GetTimestamp(), Outcome = outcome, Reason = answer.Reason, Node = members[node].Name, Token = Entry(answer.Token, partition), Changed = answer.Changed };
            }

            node = _workload.Dice(clients.Count);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task<ClusterOperation> ReadAsync(IReadOnlyList<HistoryClient> clients)
    {
        (ReadSetKey key, long[] messages) = _workload.Look();
        int partition = history.PartitionOf(key.User);
        Consistency consistency = _workload.Dice(4) switch { 0 => Consistency.Any, 1 when Entry(_seen, partition) is not null => Consistency.Token, _ => Consistency.Leader };
        // An ANY read says nothing of what was seen: its answer's token is the replica's own then.
        SessionToken? sent = consistency == Consistency.Any || (consistency == Consistency.Leader && _workload.Dice(2) == 0) ? null : _seen;
        int node = _workload.Dice(clients.Count);
        bool stays = consistency != Consistency.Leader;
        // Every second LEADER read goes to whoever was last heard to lead, and must be answered there: the old leader is asked, too.
        if (!stays && _workload.Dice(2) == 0 && watch.Leader(partition) is { } leader)
            (node, stays) = (members.ToList().FindIndex(member => member.Name == leader.Node), true);
        int process = members[node].Starts;
        long began = Stopwatch.GetTimestamp();
        CallAnswer answer = await clients[node].ReadAsync(key, messages, consistency, sent, CallBound, stays);
        // Leadership moved on: as any client would, it asks again and lets the node find the leader.
        if (answer.Reason is "NOT_LEADER" or "WRONG_EPOCH")
            answer = await clients[node = _workload.Dice(clients.Count)].ReadAsync(key, messages, consistency, sent, CallBound, stays: false);
        See(answer.Token);
        return new ClusterOperation.Read(key, messages, answer.Bits, consistency)
        {
            Client = number,
            Invoke = began,
            Return = Stopwatch.GetTimestamp(),
            Outcome = answer.Outcome,
            Reason = answer.Reason,
            Node = members[node].Name,
            Process = members[node].Starts == process ? process : -1,
            Sent = Entry(sent, partition),
            Token = Entry(answer.Token, partition),
        };
    }

    private static TokenEntry? Entry(SessionToken? token, int partition) => token is not null && token.TryFind(new PartitionId(partition), out TokenEntry entry) ? entry : null;

    private void See(SessionToken? token)
    {
        if (token is not null)
            _seen = _seen?.Merge(token) ?? token;
    }
}
