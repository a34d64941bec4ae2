using Akka.Event;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Partitions;

/// <summary>Publishes and logs how far the recovery is. Called on the opening thread; a cancelled opening ends at its next report.</summary>
internal sealed class RecoveryObserver(PartitionStatus status, ILoggingAdapter logger, TimeProvider time, CancellationToken cancellation) : IRecoveryObserver
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private long _logged = time.GetTimestamp();

    public void Progress(double fraction, string activity)
    {
        cancellation.ThrowIfCancellationRequested();
        status.Phase = new PartitionPhase.Recovering(fraction, activity);
        if (time.GetElapsedTime(_logged) < LogInterval)
            return;

        _logged = time.GetTimestamp();
        logger.Info("Partition {0}: recovering, {1:P0}: {2}.", status.Id, fraction, activity);
    }

    public void SnapshotRejected(string path, string reason) =>
        logger.Warning("Partition {0}: snapshot {1} is not sound ({2}); recovering without it.", status.Id, path, reason);

    public void TornTail(WalTornTail tail) =>
        logger.Warning(
            "Partition {0}: cut a torn tail of {1} bytes off the log at {2} ({3}, offset 0x{4:X}): {5}. It was never acknowledged; a copy is in {6}.",
            status.Id,
            tail.Bytes,
            tail.Lsn,
            tail.FilePath,
            tail.Offset,
            tail.Reason,
            tail.CopyPath ?? "no file, for lack of room");

    public void Tidied(string what) => logger.Info("Partition {0}: {1}.", status.Id, what);
}
