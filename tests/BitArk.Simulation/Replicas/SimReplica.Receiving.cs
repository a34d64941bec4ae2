using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Simulation.Engine;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// Batches: the core looks at the header, the storage at the bytes, and only then they stand in the log.
internal sealed partial class SimReplica
{
    private Lsn _leadersCommit;
    private Lsn _leadersFloor;

    private void OnBatch(int from, ReplicateBatch batch) => OnLog(() => Take(from, batch));

    private bool Take(int from, ReplicateBatch batch)
    {
        if (_lead is not null && batch.Epoch <= _lead.Epoch)
            return true;
        var promised = _world.Plant == Plant.NoFence && batch.Epoch < Promised ? batch.Epoch : Promised;
        var position = new ReceivePosition(promised, _session.State == PullState.Streaming, Log.AppendedLsn, Log.Epochs.Before(batch.Start));
        var byHeader = ReceiveRules.OnHeader(position, batch);
        var decision = byHeader;
        if (byHeader is ReceiveDecision.Append or ReceiveDecision.Duplicate)
        {
            if (Look(byHeader, batch) is not { } verdict)
                return false;
            decision = ReceiveRules.OnBytes(position, byHeader, verdict);
        }

        if (_world.Plant != Plant.None && Tamper(decision, batch) is { } isDone)
            return isDone;
        Obey(from, batch, decision);
        return true;
    }

    // Null: the log has to flush first, and then the batch comes again. The bytes are appended here when they are sound, for
    // the storage checks and appends in one step.
    private BytesVerdict? Look(ReceiveDecision byHeader, ReplicateBatch batch)
    {
        var skip = byHeader is ReceiveDecision.Append append ? append.SkipBytes : batch.Bytes.Length;
        if (skip > 0)
        {
            _world.Counters.Dedupes++;
            var compared = Log.Compare(batch.Start, batch.Bytes.Span[..skip]);
            if (compared.Kind == LogComparisonKind.Differs)
                return DamagedOrDiffers(batch, compared.Lsn);
        }

        if (skip == batch.Bytes.Length)
            return new BytesVerdict.Sound();
        var start = skip == 0 ? batch.Start : Log.AppendedLsn;
        var outcome = Log.TryAppendShipped(start, skip == 0 ? batch.PreviousEpoch : Log.LastEpoch, batch.Bytes.Span[skip..], out _, out var verdict);
        return outcome switch
        {
            AppendOutcome.Appended => new BytesVerdict.Sound(),
            AppendOutcome.Refused => new BytesVerdict.Corrupt(verdict.Reason),
            _ => null,
        };
    }

    // A flipped bit on the wire differs, too: only bytes whose checksums are right say that a log is wrong.
    private BytesVerdict DamagedOrDiffers(ReplicateBatch batch, Lsn at) => Log.AreSound(batch.Start, batch.Bytes.Span)
        ? new BytesVerdict.DiffersAt(at)
        : new BytesVerdict.Corrupt("a checksum of a repeated batch is wrong");

    private void Obey(int from, ReplicateBatch batch, ReceiveDecision decision)
    {
        switch (decision)
        {
            case ReceiveDecision.Append:
                _world.Safety.Leadership.Takes(_node, batch.Epoch);
                _world.Trace.Add(_node.Index, "appended", batch.Start.Value, Log.AppendedLsn.Value);
                Learn(batch);
                if (_world.Plant == Plant.AckBeforeFsync)
                    SendAck();
                break;
            case ReceiveDecision.Duplicate:
                Learn(batch);
                SendAck();
                break;
            case ReceiveDecision.Gap gap:
                Send(from, new Nack(_world.Cluster, World.Partition, Promised, _node.Id, gap.Expected, WasDamaged: false));
                break;
            case ReceiveDecision.Corrupt corrupt:
                _world.Counters.WireFlipsFound++;
                _world.Trace.Say(_node.Index, corrupt.Reason);
                Send(from, new Nack(_world.Cluster, World.Partition, Promised, _node.Id, corrupt.Expected, WasDamaged: true));
                break;
            case ReceiveDecision.StaleEpoch:
                Send(from, new WrongEpoch(_world.Cluster, World.Partition, Promised, 0, _leader));
                break;
            case ReceiveDecision.HigherEpoch higher:
                Heard(higher.Epoch);
                Adopt(higher.Epoch, _world.Nodes[from].Id);
                break;
            case ReceiveDecision.Diverged diverged when _node.IsExcused || _world.Nodes[from].IsExcused:
                BecomeDamaged($"differs from its leader at {diverged.Lsn}");
                break;
            case ReceiveDecision.Diverged diverged:
                throw new ViolationException("diverged", $"{_node} differs from its leader {from} at {diverged.Lsn}");
        }
    }

    private void Learn(ReplicateBatch batch)
    {
        _leadersFloor = Lsn.Max(_leadersFloor, batch.RetainedFloor);
        TakeCommit(batch.CommitLsn);
        _rejoining.Heard(batch.Epoch, batch.CommitLsn);
        RejoinIfCaughtUp();
    }

    // As far as it is durable here and known equal to the leader's.
    private void TakeCommit(Lsn commit)
    {
        _leadersCommit = Lsn.Max(_leadersCommit, commit);
        if (_store is not null && _session.MatchedLsn(WrittenLsn) is { } matched)
            CommitTo(Lsn.Min(_leadersCommit, matched));
    }
}
