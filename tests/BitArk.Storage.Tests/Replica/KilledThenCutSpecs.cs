using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>
/// The process is killed and the machine goes on: what was renamed and not yet synced is there for the next process, and a
/// power cut long after still takes it away. Found by the simulator (seed 851 of its first thousand).
/// </summary>
public sealed class KilledThenCutSpecs
{
    [Fact]
    public void Should_keep_what_is_acknowledged_when_power_is_cut_after_a_kill_at_any_call()
    {
        for (var call = 1; ; call++)
        {
            var disk = new MemoryDisk();
            ReplicaHarness.JoinCluster(disk);
            var isKilled = IsKilledAt(call, disk);
            Lsn written;
            using (var replica = ReplicaHarness.OpenOneOfSeveral(disk))
            {
                replica.Lead(replica.Store.Promised.Epoch.Next(), Guid.NewGuid());
                replica.Mark(1, 1, 10);
                written = replica.Store.Log.WrittenLsn;
            }

            // Nothing survives that was not synced.
            disk.CutPower(NothingSurvives);
            using var again = ReplicaHarness.OpenOneOfSeveral(disk);
            Assert.True(again.Store.Log.WrittenLsn == written, $"killed at call {call}: {again.Store.Log.WrittenLsn} of {written} is left");
            if (!isKilled)
                return;
        }
    }

    private static readonly int NothingSurvives = Enumerable.Range(0, 100).First(seed => new Random(seed).Next(3) == 0);

    private static bool IsKilledAt(int call, MemoryDisk disk)
    {
        var faulty = new FaultyDisk(disk) { CrashAt = call };
        try
        {
            using var replica = ReplicaHarness.OpenOneOfSeveral(faulty);
            replica.Lead(new Epoch(1), Guid.NewGuid());
            for (var i = 1; i <= 2_500; i++)
                replica.Mark(i % 9, 3, i);
            return false;
        }
        catch (SimulatedCrashException)
        {
            return true;
        }
    }
}
