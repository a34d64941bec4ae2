using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

/// <summary>A full sync and what follows it, on the file system of this machine.</summary>
public sealed class PosixFullSyncSpecs : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("bitark-sync-").FullName;
    private readonly FullSyncSource _source = new();

    private ReplicaOptions Options => ReplicaHarness.OneOfSeveral with { Layout = new DataDirectory(_root) };

    [Fact]
    public void Should_hold_what_the_leader_holds_after_a_full_sync_and_a_restart()
    {
        Receive();
        ReplicaInstall.Run(Options, PosixDisk.Instance, _source.Snapshot.Lsn, new EpochPromise(new Epoch(3), FullSyncSource.Proposer));
        using (var store = ReplicaStore.Open(Options, PosixDisk.Instance, SilentReplicaRecovery.Instance))
        {
            Assert.Equal(_source.DigestAtSnapshot, store.State.Digest());
            ShipAll(store.Log);
            store.Log.WriteMark(store.Log.WrittenLsn);
            Apply(store);
            Assert.Equal(_source.Leader.State.Digest(), store.State.Digest());
        }

        using var again = ReplicaStore.Open(Options, PosixDisk.Instance, SilentReplicaRecovery.Instance);
        Assert.Equal(_source.Leader.State.Digest(), again.State.Digest());
        Assert.Equal(_source.Snapshot.Lsn, again.Log.MinRetainedLsn);
    }

    public void Dispose()
    {
        _source.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private void Receive()
    {
        using (var receiver = SnapshotReceiver.Open(Options, PosixDisk.Instance, _source.Snapshot.Lsn, _source.File.Length, FullSyncSource.Name))
        {
            receiver.Write(0, _source.File.AsSpan(0, 4000));
            receiver.Save(3000);
        }

        using var again = SnapshotReceiver.Open(Options, PosixDisk.Instance, _source.Snapshot.Lsn, _source.File.Length, FullSyncSource.Name);
        Assert.Equal(3000, again.DurableBytes);
        again.Write(3000, _source.File.AsSpan(3000));
        again.Complete();
    }

    private void ShipAll(WriteAheadLog to)
    {
        var from = _source.Leader.Store.Log;
        using var reader = from.OpenReader();
        while (to.WrittenLsn < from.WrittenLsn)
        {
            var range = Assert.IsType<LogReadResult.Range>(reader.Read(to.AppendedLsn, from.WrittenLsn, 4096, 100));
            if (to.TryAppendShipped(range.Start, range.PreviousEpoch, range.Bytes.Span, out _, out _) == AppendOutcome.NoSpace)
                to.OfferSpare(to.Segments.Create(to.SpareIndex));
            to.Flush();
        }
    }

    private static void Apply(ReplicaStore store)
    {
        using var reader = store.Log.OpenReader(checksTail: true);
        while (store.State.LastAppliedLsn < store.Log.WrittenLsn)
        {
            var range = Assert.IsType<LogReadResult.Range>(reader.Read(store.State.LastAppliedLsn, store.Log.WrittenLsn, 4096, 100));
            store.State.ApplyShipped(range.Bytes.Span, range.Start);
        }
    }
}
