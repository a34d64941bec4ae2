using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>An install is whole or has not happened, wherever it, or what completes it, stops.</summary>
public sealed class InstallCrashSpecs : IDisposable
{
    private const int PowerCutsPerCall = 5;

    private readonly FullSyncSource _source = new(writes: 60);
    private readonly MemoryDisk _arrived = ReplicaInstallSpecs.OldReplica();
    private readonly ulong _oldDigest;
    private readonly Lsn _oldEnd;

    public InstallCrashSpecs()
    {
        _source.Receive(_arrived);
        using var old = ReplicaHarness.OpenOneOfSeveral(_arrived.AfterKill());
        (_oldDigest, _oldEnd) = (old.State.Digest(), old.Store.Log.WrittenLsn);
    }

    [Fact]
    public void Should_be_the_old_or_the_new_replica_when_stopped_at_any_call()
    {
        var (olds, news) = (0, 0);
        foreach (var (disk, where) in CrashPoints.Everywhere(disk => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn), _arrived))
        {
            foreach (var left in CrashPoints.Afterwards(disk, PowerCutsPerCall))
            {
                if (IsNew(left, where))
                    news++;
                else
                    olds++;
            }
        }

        Assert.True(olds > 10 && news > 50, $"{olds} old, {news} new");
    }

    [Fact]
    public void Should_be_complete_when_its_completion_is_stopped_at_any_call()
    {
        foreach (var (disk, where) in CrashPoints.Everywhere(disk => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn), _arrived))
        {
            var seed = where.Length;
            foreach (var left in new[] { disk.AfterKill(), disk.AfterPowerCut(seed) })
            {
                // Seen is decided for who opens it; only what no power cut takes away is decided for good.
                var isDecided = left.FileExists(ReplicaHarness.Directory.InstallIntentPath);
                var isDurable = Enumerable.Range(0, 8).All(cut => left.AfterPowerCut(cut).FileExists(ReplicaHarness.Directory.InstallIntentPath));
                foreach (var (again, second) in CrashPoints.Everywhere(interrupted => ReplicaHarness.OpenOneOfSeveral(interrupted).Dispose(), left))
                {
                    Assert.True(IsNew(again.AfterKill(), $"{where}; then {second}") || !isDecided);
                    Assert.True(IsNew(again.AfterPowerCut(seed + 1), $"{where}; then {second}, power cut") || !isDurable);
                }
            }
        }
    }

    [Fact]
    public void Should_never_forget_the_promise_when_stopped_while_it_is_made_anew()
    {
        var given = new EpochPromise(new Epoch(11), FullSyncSource.Proposer);
        foreach (var (disk, where) in CrashPoints.Everywhere(disk => ReplicaInstall.Run(ReplicaHarness.OneOfSeveral, disk, _source.Snapshot.Lsn, given), _arrived))
        {
            foreach (var left in CrashPoints.Afterwards(disk, PowerCutsPerCall))
            {
                using var replica = ReplicaHarness.OpenOneOfSeveral(left);
                Assert.True(replica.Store.Promised.Epoch >= new Epoch(8), where);
                if (replica.Store.Log.WrittenLsn == _source.Snapshot.Lsn)
                    Assert.Equal(given, replica.Store.Promised);
            }
        }
    }

    [Fact]
    public void Should_receive_and_install_what_is_whole_when_stopped_at_any_call_and_begun_again()
    {
        var origin = ReplicaInstallSpecs.OldReplica();
        foreach (var (disk, where) in CrashPoints.Everywhere(disk => _source.Receive(disk), origin))
        {
            foreach (var left in CrashPoints.Afterwards(disk, PowerCutsPerCall))
            {
                Assert.False(IsNew(left.AfterKill(), where));
                _source.Sync(left);
                Assert.True(IsNew(left, where));
            }
        }
    }

    public void Dispose() => _source.Dispose();

    private bool IsNew(MemoryDisk disk, string where)
    {
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.True(replica.Store.Promised.Epoch == new Epoch(8), where);
        var found = (replica.State.Digest(), replica.State.LastAppliedLsn, replica.Store.Log.WrittenLsn);
        if (found == (_source.DigestAtSnapshot, _source.Snapshot.Lsn, _source.Snapshot.Lsn))
        {
            Assert.Equal(_source.Snapshot.Lsn, replica.Store.Log.MinRetainedLsn);
            return true;
        }

        Assert.True(found == (_oldDigest, _oldEnd, _oldEnd), $"neither old nor new: {where}");
        return false;
    }
}
