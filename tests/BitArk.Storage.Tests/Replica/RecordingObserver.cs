using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

internal sealed class RecordingObserver : IRecoveryObserver
{
    public List<(double Fraction, string Activity)> Reports { get; } = [];

    public List<string> Rejected { get; } = [];

    public List<string> Losses { get; } = [];

    public void Progress(double fraction, string activity) => Reports.Add((fraction, activity));

    public void SnapshotRejected(string path, string reason) => Rejected.Add(path);

    public void TornTail(WalTornTail tail)
    {
    }

    public void Tidied(string what)
    {
    }

    public void Lost(string what) => Losses.Add(what);
}
