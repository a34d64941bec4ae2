using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>A replica's directory is gone while its node's is not.</summary>
public sealed class LostReplicaSpecs
{
    private const int PowerCutsPerCall = 4;

    private static readonly Guid Proposer = new("11111111-2222-3333-4444-555555555555");

    private static string Record => ReplicaHarness.OneOfSeveral.Layout.CreatedRecordPath(new PartitionId(0));

    [Fact]
    public void Should_have_no_vote_and_say_so_when_one_of_several_has_lost_its_directory()
    {
        var disk = WithPromise();
        Lose(disk);
        var observer = new RecordingObserver();
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk, observer))
            Assert.True(replica.Store.IsRejoining);

        Assert.Contains(Record, Assert.Single(observer.Losses), StringComparison.Ordinal);
        using var again = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0));
        Assert.True(again.Store.IsRejoining);
    }

    [Fact]
    public void Should_have_no_vote_when_the_directory_is_that_of_a_build_without_records()
    {
        var disk = WithPromise();
        disk.Delete(Record);
        disk.SyncDirectory(ReplicaHarness.OneOfSeveral.Layout.CreatedPath);
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk))
            Assert.False(replica.Store.IsRejoining);

        Lose(disk);
        using var again = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.True(again.Store.IsRejoining);
    }

    [Fact]
    public void Should_refuse_to_begin_anew_when_a_lone_replica_has_lost_its_directory()
    {
        var disk = new MemoryDisk();
        using (var replica = ReplicaHarness.Open(disk))
            replica.Mark(1, 2, 3);
        Lose(disk);

        for (var start = 0; start < 2; start++)
        {
            var error = Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.Open(disk));
            Assert.Equal(ReplicaHarness.Directory.EpochMarkPath, error.FilePath);
            Assert.Contains(Record, error.Message, StringComparison.Ordinal);
            Assert.Contains(ReplicaHarness.Directory.Root, error.Message, StringComparison.Ordinal);
        }

        disk.Delete(Record);
        ReplicaHarness.Open(disk).Dispose();
    }

    [Fact]
    public void Should_keep_its_vote_when_its_first_creation_is_stopped_at_any_call()
    {
        var stopped = 0;
        foreach (var (disk, where) in CrashPoints.Everywhere(First, Empty()))
        {
            stopped++;
            foreach (var left in CrashPoints.Afterwards(disk, PowerCutsPerCall))
            {
                using var replica = ReplicaHarness.OpenOneOfSeveral(left);
                Assert.False(replica.Store.IsRejoining, where);
            }
        }

        Assert.True(stopped > 20, $"{stopped} calls");
    }

    [Fact]
    public void Should_never_vote_again_when_lost_after_a_promise_wherever_its_creation_was_stopped_before()
    {
        foreach (var (disk, where) in CrashPoints.Everywhere(First, Empty()))
        {
            foreach (var left in CrashPoints.Afterwards(disk, PowerCutsPerCall))
            {
                First(left);
                var cut = left.AfterPowerCut(where.Length);
                Lose(cut);
                using var replica = ReplicaHarness.OpenOneOfSeveral(cut);
                Assert.True(replica.Store.IsRejoining, where);
            }
        }
    }

    [Fact]
    public void Should_never_vote_when_its_new_beginning_is_stopped_at_any_call()
    {
        var lost = WithPromise();
        Lose(lost);
        foreach (var (disk, where) in CrashPoints.Everywhere(each => ReplicaHarness.OpenOneOfSeveral(each).Dispose(), lost))
        {
            foreach (var left in CrashPoints.Afterwards(disk, PowerCutsPerCall))
            {
                using var replica = ReplicaHarness.OpenOneOfSeveral(left);
                Assert.True(replica.Store.IsRejoining, where);
            }
        }
    }

    private static void First(IDisk disk)
    {
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        replica.Store.Promise(new Epoch(5), Proposer);
    }

    private static MemoryDisk Empty()
    {
        var disk = new MemoryDisk();
        ReplicaHarness.JoinCluster(disk);
        return disk;
    }

    private static MemoryDisk WithPromise()
    {
        var disk = Empty();
        First(disk);
        return disk;
    }

    // The directory, or what was in it, or the disk that was mounted there.
    private static void Lose(MemoryDisk disk) => disk.Lose(ReplicaHarness.Directory.Root);
}
