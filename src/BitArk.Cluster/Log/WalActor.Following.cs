using Akka.Actor;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

// The leader's bytes: appended as they are, several batches to a group commit, reported once durable.
internal sealed partial class WalActor
{
    private IActorRef _follower = ActorRefs.Nobody;

    private void OnShipped(WalProtocol.AppendShipped shipped)
    {
        _follower = Sender;
        if (_leads || shipped.Epoch != _fence)
            RefuseShipped(ShippedRefusal.OutOfPlace, "it belongs to another epoch");
        else if (shipped.Start < _log.AppendedLsn)
            OnOverlapping(shipped);
        else
            AppendShipped(shipped.Start, shipped.PreviousEpoch, shipped.Bytes.Span);
    }

    // Sent again: what is here already must be the same, or one of the two logs is damaged; what is new behind it is taken.
    private void OnOverlapping(WalProtocol.AppendShipped shipped)
    {
        var bytes = shipped.Bytes.Span;
        var known = (int)Math.Min(bytes.Length, _log.AppendedLsn.BytesSince(shipped.Start));
        var comparison = _log.Compare(shipped.Start, bytes[..known]);
        if (comparison.Kind == LogComparisonKind.Differs)
            RefuseShipped(ShippedRefusal.Contradiction, $"the bytes at {comparison.Lsn} differ from the leader's");
        else if (comparison.Kind == LogComparisonKind.Equal && known < bytes.Length)
            AppendShipped(_log.AppendedLsn, _log.LastEpoch, bytes[known..]);
        else
            ReportShipped();
    }

    private void AppendShipped(Lsn start, Epoch previousEpoch, ReadOnlySpan<byte> bytes)
    {
        while (!IsBroken)
        {
            switch (_log.TryAppendShipped(start, previousEpoch, bytes, out _, out var verdict))
            {
                case AppendOutcome.Appended:
                    QueueFlush();
                    return;
                case AppendOutcome.FlushFirst:
                    FlushNow();
                    continue;
                case AppendOutcome.NoSpace:
                    FlushNow();
                    AskForSpare();
                    RefuseShipped(ShippedRefusal.NoRoom, "the next segment is not there yet");
                    return;
                default:
                    RefuseShipped(RefusalOf(verdict.Kind), verdict.Reason);
                    return;
            }
        }
    }

    private static ShippedRefusal RefusalOf(ShippedVerdictKind kind) => kind switch
    {
        ShippedVerdictKind.Damaged => ShippedRefusal.Damaged,
        ShippedVerdictKind.OtherHistory => ShippedRefusal.OtherHistory,
        ShippedVerdictKind.Unsupported => ShippedRefusal.Unsupported,
        _ => ShippedRefusal.OutOfPlace,
    };

    private void RefuseShipped(ShippedRefusal why, string detail) =>
        _follower.Tell(new WalProtocol.ShippedRefused(_fence, _log.AppendedLsn, why, detail));

    private void ReportShipped() => _follower.Tell(new WalProtocol.ShippedWritten(_fence, _log.WrittenLsn));

    private void OnTruncate(WalProtocol.Truncate truncate)
    {
        if (_leads || truncate.Epoch != _fence)
            return;

        FlushNow();
        if (truncate.To < _log.WrittenLsn && !Guarded(() => _log.CutTo(truncate.To, _log.Epochs.Before(truncate.To))))
            return;

        _marked = default;
        Sender.Tell(new WalProtocol.Truncated(_fence, _log.LastEpoch, _log.WrittenLsn));
    }
}
