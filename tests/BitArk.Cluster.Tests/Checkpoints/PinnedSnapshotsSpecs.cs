using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Tests.Checkpoints;

public sealed class PinnedSnapshotsSpecs : ReplicaKit
{
    // Whoever copied it is gone by then: the partition has to hear of it.
    [Fact]
    public void Should_say_that_a_sync_failed_when_the_last_pin_removes_a_snapshot()
    {
        var failures = new List<string>();
        var first = Snapshot();
        var reader = Assert.IsAssignableFrom<ISnapshotReader>(new PinnedSnapshots(Store.Snapshots, failures.Add).Open(first));
        for (var i = 0; i < 2; i++)
            Snapshot();
        Disk.Before = (operation, path) =>
        {
            if (operation == "fsync" && path.EndsWith("/snapshots", StringComparison.Ordinal))
                throw new DiskException(operation, path, DiskException.InputOutput, "injected");
        };

        Assert.Throws<DiskException>(reader.Dispose);

        Assert.Contains("fsync", Assert.Single(failures), StringComparison.Ordinal);
        Disk.Before = null;
    }

    private Lsn Snapshot()
    {
        var end = Store.State.LastAppliedLsn.Plus(64);
        Store.State.BeginBatch(end);
        Store.State.SkipTo(end);
        var snapshot = Store.State.BeginSnapshot();
        while (!snapshot.Capture.CopySome(1 << 20))
        {
        }

        return Store.Snapshots.Write(snapshot, UnpacedWrites.Instance, CancellationToken.None).Lsn;
    }
}
