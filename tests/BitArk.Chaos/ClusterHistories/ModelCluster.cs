using BitArk.Chaos.Histories;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using BitArk.Storage.Wal;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>
/// A right cluster in a few lines, for the self test of the checker: one log, three memories that apply it at their own pace, a few clients
/// with one request each under way, steps in an order of chance. Answers get lost, requests are refused, repeats come, leaders change.
/// </summary>
internal sealed class ModelCluster
{
    private const int Clients = 6;
    private const int Nodes = 3;
    private readonly Random _random;
    private readonly Client[] _clients;
    private readonly Memory[] _memories = [.. Enumerable.Range(0, Nodes).Select(_ => new Memory())];
    private readonly List<LogRecord> _log = [];
    private readonly List<LeaderClaim> _claims = [];
    private int _committed;
    private Epoch _epoch;
    private int _leader;
    private long _clock;

    /// <summary>Lives until so many operations are over.</summary>
    public ModelCluster(int seed, int operations)
    {
        _random = new Random(seed);
        _clients = [.. Enumerable.Range(0, Clients).Select(number => new Client(number))];
        Begin();
        while (Operations.Count < operations)
            Step();
        // Whoever still waits never hears of it.
        foreach (Client client in _clients.Where(client => client.Write is not null))
            End(client, client.Write! with { Outcome = Outcome.Unknown, Reason = "the end" });
        Commit(_log.Count);
        foreach (Memory memory in _memories)
            memory.ApplyUntil(_log, _log.Count);
    }

    /// <summary>What the clients know.</summary>
    public List<ClusterOperation> Operations { get; } = [];

    /// <summary>The history so far.</summary>
    public PartitionHistory History() => new(
        0,
        Operations,
        _log,
        [.. _memories.Select((memory, i) => new ReplicaDump(Name(i), _log, _log[^1].End, Digest: 7, memory.State.ToDictionary(one => one.Key, one => one.Value.Copy())))],
        _claims);

    private static string Name(int node) => $"node{node + 1}";

    private void Begin()
    {
        _epoch = _epoch.Next();
        _leader = _random.Next(Nodes);
        Append(RecordType.EpochStart);
        _log[^1] = _log[^1] with { Leader = Name(_leader) };
        _claims.Add(new LeaderClaim(_epoch, Name(_leader), "itself"));
        Commit(_log.Count);
        _memories[_leader].ApplyUntil(_log, _committed);
    }

    private void Step()
    {
        _clock++;
        switch (_random.Next(100))
        {
            case < 20:
                Commit(_log.Count);
                break;
            case < 40:
                _memories[_leader].ApplyUntil(_log, _committed);
                break;
            case < 55:
                Memory follower = _memories[_random.Next(Nodes)];
                follower.ApplyUntil(_log, Math.Min(_committed, follower.Applied + 1 + _random.Next(4)));
                break;
            case 55 when _random.Next(4) == 0:
                Begin();
                break;
            default:
                Act(_clients[_random.Next(Clients)]);
                break;
        }
    }

    private void Act(Client client)
    {
        if (client.Write is { } write)
            Go(client, write);
        else if (client.Read is { } read)
            Finish(client, read);
        else if (_random.Next(2) == 0)
            client.Write = client.Next(_random, _clock);
        else
            Look(client);
    }

    private void Go(Client client, ClusterOperation.Write write)
    {
        if (client.Record is not { } record)
        {
            int dice = _random.Next(20);
            if (dice == 0 && !client.IsOpen)
                End(client, write with { Outcome = Outcome.Failed, Reason = "NO_LEADER" });
            else if (dice < 3)
                client.IsOpen = true;
            else
                client.Record = Append(RecordType.Marks, write);
            if (client.IsOpen && (write.Session == 0 || _random.Next(10) == 0))
                End(client, write with { Outcome = Outcome.Unknown, Reason = "lost" });
            return;
        }

        if (_memories[_leader].Applied <= _log.IndexOf(record))
            return;
        if (_random.Next(10) == 0)
        {
            // The answer is lost; under a session it is asked for again.
            (client.IsOpen, client.Record) = (true, null);
            if (write.Session == 0)
                End(client, write with { Outcome = Outcome.Unknown, Reason = "lost" });
            return;
        }

        var token = new TokenEntry(new PartitionId(0), record.Epoch, record.End);
        End(client, write with { Changed = _memories[_leader].Changed(record.Identity), Token = token });
    }

    private void Look(Client client)
    {
        Consistency consistency = (Consistency)_random.Next(3);
        TokenEntry? sent = consistency == Consistency.Any || (consistency == Consistency.Leader && _random.Next(2) == 0) ? null : client.Highest;
        int node = consistency == Consistency.Leader ? _leader : _random.Next(Nodes);
        if (consistency == Consistency.Token && sent is null)
            return;
        if (sent is { } seen && _memories[node].AppliedTo(_log) < seen.Lsn)
            return;
        ReadSetKey key = Client.AnyKey(_random);
        long[] messages = [.. Enumerable.Range(0, 4).Select(_ => _random.NextInt64(1, 30)).Distinct()];
        client.Read = new ClusterOperation.Read(key, messages, [.. messages.Select(message => _memories[node].Has(key, message))], consistency)
        {
            Client = client.Number,
            Invoke = _clock,
            Return = 0,
            Outcome = Outcome.Ok,
            Sent = sent,
            Node = Name(node),
            Process = node,
        };
    }

    private void Finish(Client client, ClusterOperation.Read read)
    {
        // A token names the batch that is being applied: this memory's own, or one that is committed and comes next.
        Memory memory = _memories[read.Process];
        int next = Math.Clamp(memory.Applied + _random.Next(2), memory.Announced, Math.Max(_committed, memory.Announced));
        memory.Announced = next;
        End(client, read with { Token = new TokenEntry(new PartitionId(0), _log[next - 1].Epoch, _log[next - 1].End) });
    }

    private void End(Client client, ClusterOperation operation)
    {
        ClusterOperation ended = operation with { Return = ++_clock };
        Operations.Add(ended);
        if (ended.Token is { } token && (client.Highest is not { } before || token.IsBeyond(before)))
            client.Highest = token;
        (client.Write, client.Read, client.Record, client.IsOpen) = (null, null, null, false);
    }

    private LogRecord Append(RecordType type, ClusterOperation.Write? write = null)
    {
        Lsn start = _log.Count == 0 ? LogRules.First : _log[^1].End;
        var record = new LogRecord(start, start.Plus(8 * _random.Next(4, 12)), _epoch, type, (uint)_random.Next())
        {
            Session = write?.Session ?? 0,
            Sequence = write?.Sequence ?? 0,
            Operations = write?.Operations ?? [],
        };
        _log.Add(record);
        return record;
    }

    private void Commit(int count) => _committed = Math.Max(_committed, count);

    private sealed class Client(int number)
    {
        private long _sequence;

        public int Number => number;

        public TokenEntry? Highest { get; set; }

        public ClusterOperation.Write? Write { get; set; }

        public ClusterOperation.Read? Read { get; set; }

        public LogRecord? Record { get; set; }

        public bool IsOpen { get; set; }

        public static ReadSetKey AnyKey(Random random) => new(NamespaceId.Default, new UserId(1 + random.Next(Clients)), new ChannelId(random.Next(2)));

        public ClusterOperation.Write Next(Random random, long now)
        {
            _sequence++;
            bool once = number % 3 != 0;
            var own = new UserId(1 + number);
            // Channel 9 holds what makes a write without a session one of its kind.
            List<MarkOperation> operations = once ? [] : [new MarkOperation(OperationKind.Mark, NamespaceId.Default, own, new ChannelId(9), new MessageRange(_sequence, _sequence))];
            long from = random.NextInt64(1, 30);
            UserId user = once ? new UserId(1 + random.Next(Clients)) : own;
            operations.Add(new MarkOperation((OperationKind)random.Next(2), NamespaceId.Default, user, new ChannelId(random.Next(2)), new MessageRange(from, from + random.Next(3))));
            return new ClusterOperation.Write(operations, once ? 100 + number : 0, once ? _sequence : 0, [])
            {
                Client = number,
                Invoke = now,
                Return = 0,
                Outcome = Outcome.Ok,
                Sent = Highest,
            };
        }
    }

    private sealed class Memory
    {
        private readonly Dictionary<WriteIdentity, long[]> _changed = [];

        public int Applied { get; private set; }

        public int Announced { get; set; } = 1;

        public Dictionary<ReadSetKey, RangeSet> State { get; } = [];

        public Lsn AppliedTo(List<LogRecord> log) => Applied == 0 ? Lsn.Zero : log[Applied - 1].End;

        public long[] Changed(WriteIdentity write) => _changed[write];

        public bool Has(ReadSetKey key, long message) => State.TryGetValue(key, out RangeSet? set) && set.Ranges.Any(range => range.From <= message && message <= range.To);

        public void ApplyUntil(List<LogRecord> log, int count)
        {
            for (; Applied < count; Applied++)
            {
                if (log[Applied] is { IsWrite: true } record && !_changed.ContainsKey(record.Identity))
                    _changed.Add(record.Identity, [.. record.Operations.Select(Apply)]);
            }

            Announced = Math.Max(Announced, Applied);
        }

        private long Apply(MarkOperation operation)
        {
            if (!State.TryGetValue(ReadSetKey.Of(operation), out RangeSet? set))
                State.Add(ReadSetKey.Of(operation), set = new RangeSet());
            return set.Apply(operation);
        }
    }
}
