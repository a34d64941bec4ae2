using BitArk.Replication;
using BitArk.Replication.Epochs;
using BitArk.Replication.Failover;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Simulation.Engine;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// The follower's side: whom it follows, where its log joins the leader's, and what it says of itself.
internal sealed partial class SimReplica
{
    private readonly PullSession _session;
    private NodeId? _leader;
    private long _heartbeatSeen;
    private GrantedLease? _granted;

    private void OnHeartbeat(int from, Heartbeat heartbeat)
    {
        if (_world.IndexOf(heartbeat.Leader) != from || heartbeat.Leader == _node.Id || !IsCurrent(from, heartbeat.Epoch, heartbeat.Leader))
            return;
        Follow(heartbeat.Leader, heartbeat.Epoch);
        // Before the echo leaves: whoever is promised next must wait as long.
        _granted!.Grant(heartbeat.Epoch, heartbeat.Lease, _node.Clock);
        _heartbeatSeen = Math.Max(_heartbeatSeen, heartbeat.Nonce);
        _leadersFloor = Lsn.Max(_leadersFloor, heartbeat.RetainedFloor);
        TakeCommit(heartbeat.CommitLsn);
        _rejoining.Heard(heartbeat.Epoch, heartbeat.CommitLsn);
        RejoinIfCaughtUp();
        SendAck();
    }

    // A past leader is told; a coming one is promised to, durably, before anything else.
    private bool IsCurrent(int from, Epoch epoch, NodeId? leader)
    {
        Heard(epoch);
        if (epoch < Promised)
        {
            Send(from, new WrongEpoch(_world.Cluster, World.Partition, Promised, 0, _leader));
            return false;
        }

        if (epoch > Promised)
            Adopt(epoch, leader);
        return _lead is null;
    }

    private void Adopt(Epoch epoch, NodeId? leader)
    {
        MakePromise(epoch, Guid.Empty);
        if (leader is { } known && known != _node.Id)
            Follow(known, epoch);
    }

    private void Follow(NodeId leader, Epoch epoch)
    {
        if (_leader == leader && _session.Epoch == epoch)
            return;
        (_leader, _heartbeatSeen) = (leader, 0);
        // Behind what is under way: what is asked about is the durable end.
        if (_store is null)
            _session.Begin(epoch, Now);
        else
            OnLog(() =>
            {
                if (_leader != leader || Promised != epoch || _lead is not null)
                    return true;
                if (Log.PendingBytes > 0)
                    return false;
                _session.Begin(epoch, Now);
                _world.Trace.Add(_node.Index, "follows", epoch.Value, _world.IndexOf(leader));
                Pull();
                return true;
            });
    }

    private void Pull()
    {
        if (_leader is not { } leader || _session.NextPull(Now) is not { } nonce)
            return;
        var end = _store is null ? default : LogEnd;
        Send(_world.IndexOf(leader), new PullFrom(_world.Cluster, World.Partition, _session.Epoch, nonce, _node.Id, end.LastEpoch, end.WrittenLsn, IsDamaged || _session.IsDamaged));
    }

    private void OnAnswer(int from, ReplicationMessage answer)
    {
        if (answer is WrongEpoch { Epoch: var epoch } && _lead is { } lead && epoch > lead.Epoch)
        {
            Heard(epoch);
            StepDown();
        }

        if (_lead is not null || (answer is not WrongEpoch && (_leader is not { } leader || _world.IndexOf(leader) != from)))
            return;
        switch (_session.OnAnswer(answer, WrittenLsn, Now))
        {
            case PullOutcome.Stream:
                _world.Trace.Add(_node.Index, "streams from", WrittenLsn.Value);
                if (answer is StreamFrom grant)
                    _rejoining.Granted(grant);
                SendAck();
                break;
            case PullOutcome.Cut cut:
                Cut(cut.Order);
                break;
            case PullOutcome.FullSync sync:
                BeginTransfer(from, sync.Order);
                break;
            case PullOutcome.Adopt adopt:
                Heard(adopt.Epoch);
                if (adopt.Epoch > Promised)
                    Adopt(adopt.Epoch, adopt.Leader);
                break;
        }
    }

    private void Cut(TruncateTo order) => OnLog(() =>
    {
        if (Log.PendingBytes > 0)
            return false;
        if (_session.State != PullState.Cutting || _session.Epoch != order.Epoch)
            return true;
        switch (DivergenceRules.Cut(History(), LogEnd, Log.MinRetainedLsn, CommitLsn, CommitRule.Quorum, order.To, order.KeepEpoch))
        {
            case CutDecision.CutAt cut:
                _world.Counters.Truncations++;
                _world.Trace.Add(_node.Index, "cuts to", cut.Lsn.Value, WrittenLsn.Value);
                CutAt(cut.Lsn);
                break;
            case CutDecision.BelowLog:
                _session.RequireFullSync(Now);
                break;
            case CutDecision.BelowCommit below:
                throw new ViolationException("cut-below-commit", $"{_node} is told to cut at {below.Lsn}, below its commit {CommitLsn}");
            default:
                _session.CutDone(Now);
                break;
        }

        return true;
    });

    private void CutAt(Lsn lsn)
    {
        try
        {
            Log.CutTo(lsn, Log.Epochs.Before(lsn));
        }
        catch (WalCorruptException rotten)
        {
            // The record in front of the cut is looked at first.
            BecomeDamaged(rotten.Message);
            return;
        }

        _session.CutDone(Now);
        Pull();
    }

    private void TickAsFollower()
    {
        Pull();
        TickTransfer();
        if (_leader is not null)
            SendAck();
    }

    private void OnWrittenAsFollower()
    {
        TakeCommit(_leadersCommit);
        RejoinIfCaughtUp();
        SendAck();
    }

    private void SendAck()
    {
        if (_leader is not { } leader)
            return;
        Send(_world.IndexOf(leader), new Ack(
            _world.Cluster,
            World.Partition,
            Promised,
            _node.Id,
            WhatToAck(),
            AppliedLsn,
            _heartbeatSeen,
            MinRetainedLsn,
            _store?.Snapshots.Newest?.Lsn ?? Lsn.Zero,
            _plan?.Progress ?? -1,
            IsDamaged,
            IsLearning));
    }

    private Lsn? WhatToAck()
    {
        if (_store is null)
            return null;
        return _world.Plant switch
        {
            Plant.AckBeforeFsync => _session.MatchedLsn(Log.AppendedLsn),
            Plant.OldEpochTailCounted => WrittenLsn,
            _ => _session.MatchedLsn(WrittenLsn),
        };
    }
}
