using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>A leader with a snapshot and a log behind it, and the steps by which another replica gets both.</summary>
internal sealed class FullSyncSource : IDisposable
{
    public static readonly Guid Proposer = new("0123456789abcdef0123456789abcdef");
    public static readonly NodeId Name = new("leader");

    private readonly ReplicaHarness _leader;

    public FullSyncSource(int writes = 400)
    {
        _leader = ReplicaHarness.OpenOneOfSeveral(new MemoryDisk());
        _leader.Lead(new Epoch(3), Proposer);
        Write(1, writes);
        Snapshot = _leader.Snapshot();
        DigestAtSnapshot = _leader.State.Digest();
        Write(writes + 1, 2 * writes);
        using var pin = _leader.Store.Snapshots.Pin(Snapshot.Lsn)!;
        File = new byte[pin.Bytes];
        Assert.Equal(File.Length, _leader.Store.Snapshots.ReadChunk(Snapshot.Lsn, 0, File));
    }

    public ReplicaHarness Leader => _leader;

    public SnapshotInfo Snapshot { get; }

    public ulong DigestAtSnapshot { get; }

    public byte[] File { get; }

    /// <summary>Transfers the file and installs it, as a follower does between closing and opening its replica.</summary>
    public void Sync(Storage.Disk.IDisk disk, EpochPromise? promise = null)
    {
        Receive(disk);
        ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, Snapshot.Lsn, promise);
    }

    public void Receive(Storage.Disk.IDisk disk, int chunkBytes = 1500)
    {
        using var receiver = SnapshotReceiver.Open(ReplicaHarness.OneOfSeveral, disk, Snapshot.Lsn, File.Length, Name);
        for (var at = (int)receiver.DurableBytes; at < File.Length; at += chunkBytes)
        {
            receiver.Write(at, File.AsSpan(at, Math.Min(chunkBytes, File.Length - at)));
            if (at % (3 * chunkBytes) == 0)
                receiver.Save(at);
        }

        receiver.Complete();
    }

    /// <summary>The replica is what a full sync leaves, and can go on from there.</summary>
    public void AssertSynced(ReplicaHarness replica)
    {
        var (log, lsn) = (replica.Store.Log, Snapshot.Lsn);
        Assert.Equal((lsn, lsn, lsn, lsn), (replica.State.LastAppliedLsn, log.MinRetainedLsn, log.LogBase, log.WrittenLsn));
        Assert.Equal(DigestAtSnapshot, replica.State.Digest());
        Assert.Equal((new Epoch(3), lsn), (log.LastEpoch, replica.Store.Snapshots.Newest!.Lsn));
        ReplicaHarness.Ship(_leader, replica);
        replica.ApplyTo(log.WrittenLsn);
        Assert.Equal(_leader.State.Digest(), replica.State.Digest());
        Assert.Equal(_leader.Store.Log.Epochs.Entries, log.Epochs.Entries);
    }

    public void Dispose() => _leader.Dispose();

    private void Write(int from, int to)
    {
        for (var i = from; i <= to; i++)
            _leader.Mark(i % 50, 7, i, session: 1 + (i % 10), sequence: i);
    }
}
