using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

// The leader's bytes: appended as they are, several batches to a group commit, reported once durable. What is taken is decided
// here, where the end of the log is known, what is not yet durable included.
internal sealed partial class WalActor
{
    private static readonly BytesVerdict RepeatedAndDamaged = new BytesVerdict.Corrupt("a batch sent again holds a record with a wrong checksum");

    private IActorRef _follower = ActorRefs.Nobody;

    private void OnShipped(WalProtocol.AppendShipped shipped)
    {
        _follower = Sender;
        var batch = shipped.Batch;
        var position = new ReceivePosition(_fence, shipped.IsStreaming && !_leads, _log.AppendedLsn, _log.Epochs.Before(batch.Start));
        var decision = ReceiveRules.OnHeader(position, batch);
        if (decision is ReceiveDecision.Append or ReceiveDecision.Duplicate)
            decision = TakeBytes(position, decision, batch);

        if (decision is not null)
            _follower.Tell(new WalProtocol.ShippedDecided(_fence, decision, shipped.Leader));
    }

    // Null: appended, or delayed, and the FollowerActor hears of it so.
    private ReceiveDecision? TakeBytes(in ReceivePosition position, ReceiveDecision byHeader, ReplicateBatch batch)
    {
        var bytes = batch.Bytes.Span;
        var known = byHeader is ReceiveDecision.Append append ? append.SkipBytes : bytes.Length;

        // Sent again: what is here already must be the same, or one of two durable logs is damaged. Only bytes that arrived as they
        // were written can say so: a bit flipped on the way differs, too.
        if (known > 0 && _log.Compare(batch.Start, bytes[..known]) is { Kind: LogComparisonKind.Differs } other)
            return ReceiveRules.OnBytes(position, byHeader, _log.AreSound(batch.Start, bytes) ? new BytesVerdict.DiffersAt(other.Lsn) : RepeatedAndDamaged);

        if (known == bytes.Length)
            return ReceiveRules.OnBytes(position, byHeader, new BytesVerdict.Sound());

        return Append(known == 0 ? batch.PreviousEpoch : _log.LastEpoch, bytes[known..]) is { } corrupt
            ? ReceiveRules.OnBytes(position, byHeader, corrupt)
            : null;
    }

    private BytesVerdict.Corrupt? Append(Epoch previousEpoch, ReadOnlySpan<byte> bytes)
    {
        while (!IsBroken)
        {
            switch (_log.TryAppendShipped(_log.AppendedLsn, previousEpoch, bytes, out _, out var verdict))
            {
                case AppendOutcome.Appended:
                    QueueFlush();
                    return null;
                case AppendOutcome.FlushFirst:
                    FlushNow();
                    continue;
                case AppendOutcome.NoSpace:
                    FlushNow();
                    AskForSpare();
                    _follower.Tell(new WalProtocol.ShippedDelayed(_fence, _log.AppendedLsn));
                    return null;
                case AppendOutcome.Refused when verdict.Kind == ShippedVerdictKind.Unsupported:
                    Break($"the leader's log holds at {verdict.Lsn} what this version cannot read: {verdict.Reason}");
                    return null;
                default:
                    return new BytesVerdict.Corrupt(verdict.Reason);
            }
        }

        return null;
    }

    private void ReportShipped() => _follower.Tell(new WalProtocol.ShippedWritten(_fence, _log.WrittenLsn));

    private void OnTruncate(WalProtocol.Truncate truncate)
    {
        if (_leads || truncate.Epoch != _fence)
            return;

        FlushNow();
        if (truncate.To < _log.WrittenLsn && !Cut(truncate.To))
            return;

        _marked = default;
        Sender.Tell(new WalProtocol.Truncated(_fence, _log.WrittenLsn));
    }

    // Damage in front of the cut is found before anything is changed: no failure of this process, but a replica to be repaired.
    private bool Cut(Lsn to)
    {
        string? damage = null;
        var isWell = Guarded(() =>
        {
            try
            {
                _log.CutTo(to, _log.Epochs.Before(to));
            }
            catch (WalCorruptException corrupt)
            {
                damage = corrupt.Message;
            }
        });
        if (damage is not null)
            Context.Parent.Tell(new PartitionProtocol.FoundDamage(damage));
        return isWell && damage is null;
    }
}
