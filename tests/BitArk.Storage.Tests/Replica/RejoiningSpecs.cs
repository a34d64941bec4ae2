using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

public sealed class RejoiningSpecs : IDisposable
{
    private readonly FullSyncSource _source = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Should_give_the_vote_up_only_when_a_damaged_replica_is_repaired(bool isRepair)
    {
        using var replica = ReplicaHarness.OpenOneOfSeveral(Installed(isRepair));
        Assert.Equal(isRepair, replica.Store.IsRejoining);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    public void Should_give_the_vote_up_when_a_sound_log_reached_beyond_the_snapshot(long bytesBeyond, bool isRejoining)
    {
        var disk = ReplicaInstallSpecs.OldReplica();
        _source.Receive(disk);
        ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn, writtenLsn: new Lsn(_source.Snapshot.Lsn.Value + bytesBeyond));
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0));
        Assert.Equal(isRejoining, replica.Store.IsRejoining);
    }

    [Fact]
    public void Should_still_be_without_a_vote_when_restarted_before_it_caught_up()
    {
        var disk = Installed(isRepair: true);
        ReplicaHarness.OpenOneOfSeveral(disk).Dispose();
        using var again = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0));
        Assert.True(again.Store.IsRejoining);
    }

    [Fact]
    public void Should_vote_again_for_good_when_it_has_caught_up()
    {
        var disk = Installed(isRepair: true);
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk))
        {
            replica.Store.Rejoined();
            Assert.False(replica.Store.IsRejoining);
        }

        using var again = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0));
        Assert.False(again.Store.IsRejoining);
    }

    [Fact]
    public void Should_have_given_the_vote_up_before_the_damage_is_gone()
    {
        for (var call = 1; ; call++)
        {
            var memory = ReplicaInstallSpecs.OldReplica();
            _source.Receive(memory);
            var faulty = new FaultyDisk(memory) { CrashAt = call };
            try
            {
                ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, faulty, _source.Snapshot.Lsn, isRepair: true);
                return;
            }
            catch (SimulatedCrashException)
            {
                var left = memory.AfterPowerCut(call);
                var isBegun = left.FileExists(ReplicaHarness.Directory.InstallIntentPath);
                Assert.True(!isBegun || left.FileExists(ReplicaHarness.Directory.RejoiningMarkPath), $"after call {call}");
            }
        }
    }

    public void Dispose() => _source.Dispose();

    private MemoryDisk Installed(bool isRepair)
    {
        var disk = ReplicaInstallSpecs.OldReplica();
        _source.Receive(disk);
        ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn, isRepair: isRepair);
        return disk;
    }
}
