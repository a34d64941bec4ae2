using System.Globalization;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>Joins the two halves of a recovery, snapshot and log, into one progress that never falls.</summary>
internal sealed class RecoveryProgress(IRecoveryObserver observer) : IWalRecoveryObserver
{
    // Without knowing the log's length before the snapshot is read, each counts as half; a load that found nothing is done.
    private const double SnapshotShare = 0.5;

    // What is left for a segment that may have to be made.
    private const double Replayed = 0.99;

    private double _reported;

    public void Loading(string file, long done, long total) =>
        Report(SnapshotShare * done / Math.Max(1, total), $"loading snapshot {file}: {MiB(done)} of {MiB(total)} MiB");

    public void Loaded() => Report(SnapshotShare, "replaying the log");

    public void Progress(long bytesDone, long bytesTotal) =>
        Report(SnapshotShare + ((Replayed - SnapshotShare) * bytesDone / Math.Max(1, bytesTotal)), $"replaying the log: {MiB(bytesDone)} of {MiB(bytesTotal)} MiB");

    public void MakesSegment() => Report(Replayed, "making the log's first segment, or its next");

    public void Done() => Report(1, "recovered");

    public void TornTail(WalTornTail tail) => observer.TornTail(tail);

    public void Tidied(string what) => observer.Tidied(what);

    private static string MiB(long bytes) => (bytes / (1024.0 * 1024.0)).ToString("F1", CultureInfo.InvariantCulture);

    private void Report(double fraction, string activity)
    {
        // A snapshot that turns out bad half-way begins again with an older one; the display waits.
        _reported = Math.Clamp(fraction, _reported, 1);
        observer.Progress(_reported, activity);
    }
}
