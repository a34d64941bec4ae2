using BitArk.Replication;
using BitArk.Replication.Epochs;
using BitArk.Replication.Failover;
using BitArk.Replication.Leader;
using BitArk.Replication.Messages;
using BitArk.Simulation.Clients;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// The leader's side: clients' writes, the quorum, and what followers say.
internal sealed partial class SimReplica
{
    private Leadership? _lead;

    /// <summary>Whether it takes writes: it leads, and its first record is committed and applied.</summary>
    public bool IsServing => _lead is { EpochStartEnd: { } end } && AppliedLsn >= end;

    /// <summary>The epoch it leads; none while it does not.</summary>
    public Epoch LeadingEpoch => _lead?.Epoch ?? Epoch.None;

    /// <summary>A client's write.</summary>
    public void Submit(ClientWrite write, Action<bool> said)
    {
        var lead = _lead;
        if (!IsServing || IsQuiet(lead!))
        {
            said(false);
            return;
        }

        var payload = new byte[MarksPayload.SizeOf(write.Session, write.Operations)];
        MarksPayload.Write(payload, write.Session, write.Sequence, write.Operations);
        OnLog(() =>
        {
            if (_lead != lead || lead is null)
                return true;
            // It was taken before somebody else was to lead, and is not in the log yet: the client hears that nothing was written.
            if (IsQuiet(lead))
            {
                said(false);
                return true;
            }

            if (!TryAppend(lead.Epoch, RecordType.Marks, payload, out var start, out var end))
                return false;
            lead.Waiting.Enqueue(new WaitingWrite(write, start, end, said));
            return true;
        });
    }

    /// <summary>What it calls a follower.</summary>
    public FollowerStatus StatusOf(NodeId node) => _lead!.Followers[node].Status(Now);

    private Leadership NewLeadership(Epoch epoch) => new(
        epoch,
        new QuorumTracker(_world.Replicas, _node.Id, CommitRule.Quorum, epoch, CommitLsn),
        _world.Nodes.Where(node => node != _node).ToDictionary(
            node => node.Id,
            node => new FollowerProgress(node.Id, epoch, _settings, _random, Now)),
        new LeaderLease(_world.Replicas, _node.Id, epoch, _world.Settings.Lease));

    private void StepDown()
    {
        if (_lead is null)
            return;
        _world.Trace.Add(_node.Index, "steps down", _lead.Epoch.Value);
        (_givenUp, _lead) = (_lead.Epoch, null);
        DropPins();
    }

    private void OnWrittenAsLeader()
    {
        _lead!.Quorum.OnWritten(WrittenLsn);
        AdvanceCommit();
        ShipAll();
    }

    private void AdvanceCommit()
    {
        if (_lead is not { } lead)
            return;
        CommitTo(lead.Quorum.CommitLsn);
        while (_lead == lead && lead.Waiting.TryPeek(out var write) && write.End <= AppliedLsn)
        {
            lead.Waiting.Dequeue();
            _world.Counters.Acknowledged++;
            _world.Safety.Acknowledgements.Acknowledge(write.Write, write.Start, write.End);
            _world.Trace.Add(_node.Index, "acknowledged", write.Write.Id, write.End.Value);
            write.Said(true);
        }
    }

    private void OnAck(int from, Ack ack)
    {
        if (!IsForMe(from, ack.From, ack.Epoch))
            return;
        var progress = _lead!.Followers[ack.From];
        var matched = progress.MatchedLsn;
        progress.OnAck(ack, Now);
        _world.Safety.Retention.Heard(_node, ack, Now);
        _lead.Quorum.OnAck(ack);
        Echoed(ack);
        DoubtOf(ack.From).Heard(_pins.Of(ack.From), ack.SyncProgress);
        if (progress.State == FollowerState.Streaming)
        {
            DoubtOf(ack.From).Settle();
            ReleasePin(ack.From);
        }

        AdvanceCommit();
        Ship(ack.From);
        if (matched is not null && progress.MatchedLsn > matched)
            _world.Scenario.Advanced(_node);
    }

    private void Echoed(Ack ack)
    {
        if (_lead is not { } lead || lead.Sent.SentAt(ack.HeartbeatNonce) is not { } sentAt)
            return;
        // Planted: from the arrival of the echo, when the follower may have promised to another long since.
        lead.Lease.OnEcho(ack.From, ack.Epoch, ack.IsDamaged || ack.IsLearner, _world.Plant == Plant.LeaseFromReceipt ? _node.Clock : sentAt);
    }

    private void OnNack(int from, Nack nack)
    {
        if (!IsForMe(from, nack.From, nack.Epoch))
            return;
        _world.Counters.Nacks++;
        _lead!.Followers[nack.From].OnNack(nack, Now);
        Ship(nack.From);
    }

    // Who has promised more than this epoch will not follow any more: it is over.
    private bool IsForMe(int from, NodeId sender, Epoch epoch)
    {
        Heard(epoch);
        if (_lead is not { } lead || _world.IndexOf(sender) != from || !lead.Followers.ContainsKey(sender))
            return false;
        if (epoch <= lead.Epoch)
            return true;
        StepDown();
        return false;
    }

    private void OnPull(int from, PullFrom pull)
    {
        if (_lead is not { } lead || pull.Epoch != lead.Epoch || !lead.Followers.TryGetValue(pull.From, out var progress))
        {
            Heard(pull.Epoch);
            Send(from, new WrongEpoch(_world.Cluster, World.Partition, Promised, pull.Nonce, _lead is null ? _leader : _node.Id));
            return;
        }

        var answer = progress.OnPull(pull, View(lead.Epoch), Now);
        _world.Trace.Add(_node.Index, "pull answered " + answer.GetType().Name, from);
        switch (answer)
        {
            case PullAnswer.Stream stream:
                Send(from, new StreamFrom(_world.Cluster, World.Partition, lead.Epoch, pull.Nonce, stream.From, WrittenLsn));
                Ship(pull.From);
                break;
            case PullAnswer.Truncate truncate:
                Send(from, new TruncateTo(_world.Cluster, World.Partition, lead.Epoch, pull.Nonce, truncate.To, truncate.KeepEpoch));
                break;
            case PullAnswer.FullSync:
                OfferSnapshot(from, pull);
                break;
            case PullAnswer.OtherEpoch:
                Send(from, new WrongEpoch(_world.Cluster, World.Partition, lead.Epoch, pull.Nonce, _node.Id));
                break;
        }
    }

    private LeaderLogView View(Epoch epoch) => new(epoch, History(), Log.Geometry.Origin, MinRetainedLsn, WrittenLsn);

    private EpochHistory History() => new(Log.Epochs.Entries.Select(entry => new EpochBoundary(entry.Epoch, entry.First)));

    private void Tick()
    {
        Report();
        if (_lead is null)
            TickAsFollower();
        else
            TickAsLeader(_lead);
    }

    private void TickAsLeader(Leadership lead)
    {
        SendHeartbeats();
        foreach (var progress in lead.Followers.Values)
        {
            if (progress.OnTick(Now) == TickAction.AskToPull)
                Send(_world.IndexOf(progress.Follower), new WrongEpoch(_world.Cluster, World.Partition, lead.Epoch, 0, _node.Id));
        }

        LeadOn(lead);
        ExpirePins();
        ShipAll();
    }

    private void SendHeartbeats()
    {
        if (_lead is not { } lead)
            return;
        var nonce = lead.Sent.Send(_node.Clock);
        foreach (var follower in lead.Followers.Keys)
            Send(_world.IndexOf(follower), new Heartbeat(_world.Cluster, World.Partition, lead.Epoch, nonce, _node.Id, WrittenLsn, CommitLsn, _retainedFloor, _world.Settings.Lease.Length));
    }
}
