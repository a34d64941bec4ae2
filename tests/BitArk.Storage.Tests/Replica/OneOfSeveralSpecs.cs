using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

public sealed class OneOfSeveralSpecs
{
    private static readonly Guid Proposer = Guid.NewGuid();

    private readonly MemoryDisk _leaderDisk = new();

    [Fact]
    public void Should_apply_no_more_than_was_known_to_be_committed_when_opened()
    {
        Lsn committed, written;
        ulong digest;
        using (var replica = Leading(_leaderDisk))
        {
            for (var i = 1; i <= 500; i++)
                replica.Mark(i % 10, 7, i);
            (committed, digest) = (replica.State.LastAppliedLsn, replica.State.Digest());
            for (var i = 501; i <= 900; i++)
                replica.Mark(i % 10, 7, i);
            replica.Store.Log.WriteMark(committed);
            written = replica.Store.Log.WrittenLsn;
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(_leaderDisk.AfterKill());
        Assert.Equal((committed, written), (again.State.LastAppliedLsn, again.Store.Log.WrittenLsn));
        Assert.Equal(digest, again.State.Digest());
        Assert.Equal(new Epoch(1), again.Store.Log.LastEpoch);
    }

    [Fact]
    public void Should_apply_up_to_the_snapshot_when_the_mark_is_older()
    {
        Lsn snapshot;
        using (var replica = Leading(_leaderDisk))
        {
            replica.Mark(1, 7, 10);
            replica.Store.Log.WriteMark(replica.Store.Log.WrittenLsn);
            replica.Mark(1, 7, 20);
            snapshot = replica.Snapshot().Lsn;
            replica.Mark(1, 7, 30);
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(_leaderDisk.AfterKill());
        Assert.Equal(snapshot, again.State.LastAppliedLsn);
        Assert.Equal(again.Store.Log.LastEpoch, again.Store.Log.Epochs.Last);
    }

    [Fact]
    public void Should_come_to_the_same_state_when_it_applies_what_was_shipped()
    {
        using var leader = Leading(_leaderDisk);
        for (var i = 1; i <= 3000; i++)
            leader.Mark(i % 100, 7, i, session: 1 + (i % 10), sequence: i);
        using var follower = ReplicaHarness.OpenOneOfSeveral(new MemoryDisk());
        follower.Store.Promise(new Epoch(1), Proposer);
        ReplicaHarness.Ship(leader, follower);
        var applied = follower.ApplyTo(follower.Store.Log.WrittenLsn);
        Assert.Equal(leader.State.LastAppliedLsn, follower.State.LastAppliedLsn);
        Assert.Equal(leader.State.Digest(), follower.State.Digest());
        Assert.Equal(leader.State.Epochs.Entries, follower.State.Epochs.Entries);
        Assert.Equal(3000, applied);
    }

    [Fact]
    public void Should_know_the_same_epochs_when_one_began_with_a_pad()
    {
        using var leader = Leading(_leaderDisk);
        var user = 0;
        while (leader.Store.Log.Geometry.RestOfSegment(leader.Store.Log.AppendedLsn) > 48)
            leader.Mark(++user % 60, 7, 5);
        var pad = leader.Store.Log.AppendedLsn;
        leader.Store.Log.OfferSpare(leader.Store.Log.Segments.Create(leader.Store.Log.SpareIndex));
        leader.Lead(new Epoch(2), Guid.NewGuid(), name: new string('n', 200));
        Assert.Equal(new EpochEntry(new Epoch(2), pad), leader.Store.Log.Epochs.Entries[^1]);
        using var follower = ReplicaHarness.OpenOneOfSeveral(new MemoryDisk());
        ReplicaHarness.Ship(leader, follower);
        follower.ApplyTo(follower.Store.Log.WrittenLsn);
        Assert.Equal(leader.Store.Log.Epochs.Entries, follower.Store.Log.Epochs.Entries);
        Assert.Equal(leader.Store.Log.Epochs.Entries, follower.State.Epochs.Entries);
        Assert.Equal(leader.State.Epochs.Entries, follower.State.Epochs.Entries);
    }

    [Fact]
    public void Should_refuse_records_that_do_not_begin_where_the_state_ends()
    {
        using var leader = Leading(_leaderDisk);
        leader.Mark(1, 1, 1);
        Assert.Throws<InvalidOperationException>(() => leader.State.ApplyShipped(new byte[32], leader.State.LastAppliedLsn.Plus(-8)));
    }

    [Fact]
    public void Should_call_a_payload_that_is_none_corrupt()
    {
        using var follower = ReplicaHarness.OpenOneOfSeveral(new MemoryDisk());
        var bytes = new byte[8 + 32];
        RecordCodec.Write(bytes, 8, follower.State.LastAppliedLsn, new Epoch(1), RecordType.Marks, 0, new byte[8]);
        Assert.Throws<WalCorruptException>(() => follower.State.ApplyShipped(bytes.AsSpan(8), follower.State.LastAppliedLsn));
    }

    [Fact]
    public void Should_allocate_nothing_per_record_when_applying()
    {
        using var leader = Leading(_leaderDisk);
        for (var i = 1; i <= 1200; i++)
            leader.Mark(i % 100, 7, i);
        using var reader = leader.Store.Log.OpenReader();
        using var follower = ReplicaHarness.OpenOneOfSeveral(new MemoryDisk());
        var origin = follower.State.LastAppliedLsn;
        var (next, ranges) = (origin, new List<(Lsn Start, ReadOnlyMemory<byte> Bytes)>());
        for (var i = 0; i < 10; i++)
        {
            var range = (LogReadResult.Range)reader.Read(next, leader.Store.Log.WrittenLsn, 20_000, 100);
            ranges.Add((next, range.Bytes.ToArray()));
            next = range.End;
        }

        var (at, applied) = (0, 0);
        Assert.Equal(0, Allocations.EachTime(ranges.Count, () =>
        {
            var (start, bytes) = ranges[at++];
            applied += follower.State.ApplyShipped(bytes.Span, start).Records;
        }));
        Assert.Equal(1000, applied);
    }

    [Theory]
    [InlineData("data-of-step-1", 8970972219780340454UL, 0xDD8)]
    public void Should_open_a_directory_that_an_older_build_wrote(string fixture, ulong digest, long end)
    {
        using var replica = ReplicaHarness.Recover(Fixture(fixture));
        Assert.Equal((digest, new Lsn(end)), (replica.State.Digest(), replica.State.LastAppliedLsn));
        Assert.Equal((new Epoch(2), new Epoch(1)), (replica.Store.Epoch, replica.Store.Log.LastEpoch));
        Assert.Equal([new EpochEntry(new Epoch(1), new Lsn(0x40))], replica.Store.Log.Epochs.Entries);
    }

    [Fact]
    public void Should_write_the_epoch_mark_that_older_builds_read_when_it_is_alone()
    {
        var disk = Fixture("data-of-step-1");
        var before = disk.Dump()[ReplicaHarness.Directory.EpochMarkPath];
        ReplicaHarness.Recover(disk).Dispose();
        var after = disk.Dump()[ReplicaHarness.Directory.EpochMarkPath];
        Assert.Equal((before.Length, before[8]), (after.Length, after[8]));
    }

    private static ReplicaHarness Leading(MemoryDisk disk)
    {
        var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        replica.Lead(new Epoch(1), Proposer);
        return replica;
    }

    private static MemoryDisk Fixture(string name)
    {
        var disk = new MemoryDisk();
        var from = Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(ReplicaHarness.Root, Path.GetRelativePath(from, path));
            Storage.Disk.DurableDirectory.Create(disk, Path.GetDirectoryName(target)!);
            using var file = disk.Open(target, Storage.Disk.DiskOpenMode.Create);
            file.Write(0, File.ReadAllBytes(path));
            file.Sync();
        }

        return disk;
    }
}
