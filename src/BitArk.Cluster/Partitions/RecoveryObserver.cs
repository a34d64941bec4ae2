using Akka.Event;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Partitions;

/// <summary>Publishes and logs how far the recovery is, while the partition is recovering. Called on the opening thread; a cancelled opening ends at its next report.</summary>
internal sealed class RecoveryObserver(PartitionStatus status, ILoggingAdapter logger, TimeProvider time, CancellationToken cancellation) : IRecoveryObserver
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private long _logged = time.GetTimestamp();

    public void Progress(double fraction, string activity)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!status.ShowRecovering(fraction, activity) || time.GetElapsedTime(_logged) < LogInterval)
            return;

        _logged = time.GetTimestamp();
        logger.Info("Partition {0}: recovering, {1:P0}: {2}.", status.Id, fraction, activity);
    }

    public void SnapshotRejected(string path, string reason) =>
        logger.Warning("Partition {0}: snapshot {1} is not sound ({2}); recovering without it.", status.Id, path, reason);

    public void TornTail(WalTornTail tail) => logger.Warning(
        $"Partition {status.Id}: cut a torn tail of {tail.Bytes} bytes off the log at {tail.Lsn} ({tail.FilePath}, offset 0x{tail.Offset:X}): {tail.Reason}. "
        + $"It was never acknowledged; {(tail.CopyPath is { } copy ? $"a copy is in {copy}" : "there was no room for a copy")}.");

    public void Tidied(string what) => logger.Info("Partition {0}: {1}.", status.Id, what);

    public void Lost(string what) => logger.Error("Partition {0}: {1}.", status.Id, what);
}
