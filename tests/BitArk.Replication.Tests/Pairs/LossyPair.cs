using BitArk.Replication.Epochs;
using BitArk.Replication.Follower;
using BitArk.Replication.Leader;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Pairs;

/// <summary>
/// A leader and a follower, put together from the rules as actors do it, with a network in between that loses, repeats, delays
/// and reorders. A log is a list of epochs, one for each record of 8 bytes; what is behind the follower's durable end is lost
/// when it crashes. Holds the safety conditions after every step.
/// </summary>
internal sealed class LossyPair
{
    private const long Origin = 64;
    private const int RecordBytes = 8;

    private static readonly ReplicationSettings Settings = new()
    {
        WindowBytes = 400,
        WindowRecords = 40,
        BatchBytes = 80,
        SlowAfter = Known.Ms(500),
        RetryFirst = Known.Ms(60),
        RetryLongest = Known.Ms(400),
    };

    private readonly Random _random;
    private readonly List<long> _leader;
    private readonly List<long> _follower;
    private readonly List<(TimeSpan At, ReplicationMessage Message)> _network = [];
    private readonly FollowerProgress _progress;
    private PullSession _session;
    private int _durable;
    private int _gone;
    private TimeSpan _now;
    private Lsn _lastMatched;

    public LossyPair(int seed, IEnumerable<long> leader, IEnumerable<long> follower)
    {
        _random = new Random(seed);
        (_leader, _follower) = ([.. leader], [.. follower]);
        _durable = _follower.Count;
        _progress = new FollowerProgress(Known.B, Known.Epoch, Settings, _random, _now);
        _session = new PullSession(Settings, _random);
        _session.Begin(Known.Epoch, _now);
    }

    public bool HasFaults { get; set; } = true;

    public bool IsDone => _progress.MatchedLsn == At(_leader.Count) && _follower.SequenceEqual(_leader) && _progress.State == FollowerState.Streaming;

    public override string ToString() =>
        $"{_progress.State} next {_progress.NextLsn} matched {_progress.MatchedLsn} of {At(_leader.Count)}; {_session.State}, log {_follower.Count}, durable {_durable}";

    public void Step()
    {
        _now += Known.Ms(10);
        if (HasFaults && _random.Next(3) == 0)
            _leader.AddRange(Enumerable.Repeat(5L, _random.Next(1, 9)));
        if (HasFaults && _random.Next(200) == 0)
            Crash();
        if (HasFaults && _random.Next(300) == 0)
            _gone = Math.Max(_gone, _leader.Count - _random.Next(1, 80));
        if (_random.Next(2) == 0)
            Flush();

        foreach (var (_, message) in _network.Where(sent => sent.At <= _now).ToList())
        {
            Deliver(message);
        }

        _network.RemoveAll(sent => sent.At <= _now);
        if (_random.Next(4) == 0 && _progress.OnTick(_now) == TickAction.AskToPull)
            Send(new WrongEpoch(Known.Cluster, Known.Partition, Known.Epoch, 0, Known.A));
        Ship();
        if (_session.NextPull(_now) is { } nonce)
            Send(Known.Pull(nonce, _follower.Take(_durable).LastOrDefault(), At(_durable).Value, isDamaged: _session.IsDamaged));
        if (_random.Next(10) == 0)
            SendAck();
        Check();
    }

    private void Ship()
    {
        while (_progress.NextShipment(At(_leader.Count), At(_leader.Count), _now) is { } request)
        {
            var from = Index(request.From);
            if (from < _gone)
            {
                _progress.NotRetained();
                return;
            }

            var records = Math.Min(Math.Min(Math.Max(request.MaxBytes / RecordBytes, request.IsCommitOnly ? 0 : 1), request.MaxRecords), _leader.Count - from);
            Assert.True(_progress.Shipped(request.From, At(from + records), records * RecordBytes, records, At(_leader.Count), _now));
            var bytes = _leader.Skip(from).Take(records).SelectMany(BitConverter.GetBytes).ToArray();
            Send(new ReplicateBatch(Known.Cluster, Known.Partition, Known.Epoch, request.From, new Epoch(Before(_leader, from)), At(_leader.Count), At(_gone), bytes));
        }
    }

    private void Deliver(ReplicationMessage message)
    {
        switch (message)
        {
            case PullFrom pull:
                Answer(pull, _progress.OnPull(pull, new LeaderLogView(Known.Epoch, HistoryOf(_leader), new Lsn(Origin), At(_gone), At(_leader.Count)), _now));
                break;
            case Ack ack:
                _progress.OnAck(ack, _now);
                break;
            case Nack nack:
                _progress.OnNack(nack, _now);
                break;
            case ReplicateBatch batch:
                Receive(batch);
                break;
            default:
                Obey(_session.OnAnswer(message, At(_durable), _now));
                break;
        }
    }

    private void Answer(PullFrom pull, PullAnswer answer)
    {
        switch (answer)
        {
            case PullAnswer.Stream stream:
                Send(new StreamFrom(Known.Cluster, Known.Partition, Known.Epoch, pull.Nonce, stream.From, At(_leader.Count)));
                break;
            case PullAnswer.Truncate cut:
                Send(new TruncateTo(Known.Cluster, Known.Partition, Known.Epoch, pull.Nonce, cut.To, cut.KeepEpoch));
                break;
            case PullAnswer.FullSync:
                Send(new NeedFullSync(Known.Cluster, Known.Partition, Known.Epoch, pull.Nonce, At(_leader.Count), 1, "127.0.0.1:1"));
                break;
        }
    }

    private void Obey(PullOutcome outcome)
    {
        switch (outcome)
        {
            case PullOutcome.Stream:
                SendAck();
                break;
            case PullOutcome.Cut cut:
                var log = new LogEnd(new Epoch(_follower.LastOrDefault()), At(_follower.Count));
                var decision = DivergenceRules.Cut(HistoryOf(_follower), log, new Lsn(Origin), new Lsn(Origin), CommitRule.Quorum, cut.Order.To, cut.Order.KeepEpoch);
                Assert.True(_lastMatched <= Assert.IsType<CutDecision.CutAt>(decision).Lsn, "It cuts what it has acked.");
                _follower.RemoveRange(Index(((CutDecision.CutAt)decision).Lsn), _follower.Count - Index(((CutDecision.CutAt)decision).Lsn));
                _durable = _follower.Count;
                _session.CutDone(_now);
                break;
            case PullOutcome.FullSync sync:
                if (_random.Next(3) == 0)
                {
                    _session.FullSyncFailed(_now);
                    break;
                }

                Assert.True(_lastMatched <= sync.Order.SnapshotLsn, "It goes back behind what it has acked.");
                _follower.Clear();
                _follower.AddRange(_leader.Take(Index(sync.Order.SnapshotLsn)));
                _durable = _follower.Count;
                _session.FullSyncDone(_now);
                break;
        }
    }

    private void Receive(ReplicateBatch batch)
    {
        var position = new ReceivePosition(Known.Epoch, _session.State == PullState.Streaming, At(_follower.Count), new Epoch(Before(_follower, Index(batch.Start))));
        long[] records = [.. Enumerable.Range(0, batch.Bytes.Length / RecordBytes).Select(i => BitConverter.ToInt64(batch.Bytes.Span[(i * RecordBytes)..]))];
        BytesVerdict verdict = HasFaults && _random.Next(20) == 0 ? new BytesVerdict.Corrupt("flipped") : new BytesVerdict.Sound();
        switch (ReceiveRules.OnBytes(position, ReceiveRules.OnHeader(position, batch), verdict))
        {
            case ReceiveDecision.Append append:
                _follower.AddRange(records.Skip(append.SkipBytes / RecordBytes));
                break;
            case ReceiveDecision.Duplicate:
                SendAck();
                break;
            case ReceiveDecision.Gap gap:
                Send(Known.Nack(gap.Expected.Value));
                break;
            case ReceiveDecision.Corrupt corrupt:
                Send(Known.Nack(corrupt.Expected.Value, wasDamaged: true));
                break;
            case ReceiveDecision.Diverged diverged:
                Assert.Fail($"It believes that it diverged at {diverged.Lsn}.");
                break;
        }
    }

    private void Flush()
    {
        if (_durable == _follower.Count)
            return;
        _durable = _follower.Count;
        SendAck();
    }

    private void Crash()
    {
        _follower.RemoveRange(_durable, _follower.Count - _durable);
        _session = new PullSession(Settings, _random);
        _session.Begin(Known.Epoch, _now);
    }

    private void SendAck()
    {
        var matched = _session.MatchedLsn(At(_durable));
        _lastMatched = Lsn.Max(_lastMatched, matched ?? Lsn.Zero);
        Send(Known.Ack(matched?.Value));
    }

    private void Send(ReplicationMessage message)
    {
        for (var copies = !HasFaults ? 1 : _random.Next(10) switch { 0 or 1 => 0, 2 => 2, _ => 1 }; copies > 0; copies--)
        {
            // Every now and then one takes so long that a question of an earlier run arrives after it.
            var delay = HasFaults && _random.Next(40) == 0 ? 1500 : HasFaults ? 120 : 20;
            _network.Add((_now + Known.Ms(_random.Next(delay)), message));
        }
    }

    private void Check()
    {
        Assert.True(_progress.InFlightBytes < Settings.WindowBytes + RecordBytes && _progress.InFlightRecords <= Settings.WindowRecords, "The window is exceeded.");
        Assert.Equal(_progress.State == FollowerState.Streaming, _progress.NextLsn is not null);
        if (_progress.MatchedLsn is not { } matched)
            return;
        Assert.True(matched <= At(_durable), "The leader counts what is not durable.");
        Assert.True(_follower.Take(Index(matched)).SequenceEqual(_leader.Take(Index(matched))), "The leader counts what is not equal.");
    }

    private static Lsn At(int index) => new(Origin + (index * RecordBytes));

    private static int Index(Lsn lsn) => (int)((lsn.Value - Origin) / RecordBytes);

    private static long Before(List<long> log, int index) => index > 0 && index <= log.Count ? log[index - 1] : 0;

    private static EpochHistory HistoryOf(List<long> log) => new(log
        .Select((epoch, index) => new EpochBoundary(new Epoch(epoch), At(index)))
        .DistinctBy(entry => entry.Epoch));
}
