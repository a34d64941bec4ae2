using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

public sealed class DamagedMarkSpecs : IDisposable
{
    private readonly FullSyncSource _source = new();

    [Fact]
    public void Should_refuse_to_open_after_a_power_cut_when_damage_was_found_though_the_log_reads_well()
    {
        var error = Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.OpenOneOfSeveral(Marked().AfterPowerCut(0)));
        Assert.Equal(ReplicaHarness.Directory.DamagedMarkPath, error.FilePath);
    }

    [Fact]
    public void Should_open_again_without_a_vote_when_a_snapshot_is_installed()
    {
        var disk = Marked();
        Install(disk);
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0));
        Assert.True(replica.Store.IsRejoining);
    }

    [Fact]
    public void Should_stay_damaged_or_be_whole_wherever_the_install_was_interrupted()
    {
        for (var call = 1; ; call++)
        {
            var memory = Marked();
            var faulty = new FaultyDisk(memory) { CrashAt = call };
            try
            {
                Install(faulty);
                return;
            }
            catch (SimulatedCrashException)
            {
                var left = memory.AfterPowerCut(call);
                var isMarked = left.FileExists(ReplicaHarness.Directory.DamagedMarkPath);
                var isBegun = left.FileExists(ReplicaHarness.Directory.InstallIntentPath);
                if (isMarked && !isBegun)
                {
                    Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.OpenOneOfSeveral(left));
                    continue;
                }

                using var replica = ReplicaHarness.OpenOneOfSeveral(left);
                Assert.True(replica.Store.IsRejoining, $"after call {call}");
                Assert.False(left.FileExists(ReplicaHarness.Directory.DamagedMarkPath), $"after call {call}");
            }
        }
    }

    public void Dispose() => _source.Dispose();

    private MemoryDisk Marked()
    {
        var disk = ReplicaInstallSpecs.OldReplica();
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk))
            replica.Store.MarkDamaged();
        _source.Receive(disk);
        return disk;
    }

    private void Install(IDisk disk) => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn, isRepair: true);
}
