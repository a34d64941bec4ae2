using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

public sealed class CrashSpecs
{
    private static readonly CrashScript Script = new();

    [Fact]
    public void Should_find_every_acknowledged_write_when_killed_or_cut_off_at_any_call()
    {
        for (var at = 1; at <= Script.Calls; at++)
        {
            var (memory, acknowledged) = Crash(at);
            RequireAllowed(memory.AfterKill(), acknowledged, $"killed at call {at}");
            for (var seed = at * 2; seed < (at * 2) + 2; seed++)
                RequireAllowed(memory.AfterPowerCut(seed), acknowledged, $"power cut at call {at}, seed {seed}");
        }
    }

    [Fact]
    public void Should_find_what_the_next_process_acknowledged_when_the_power_fails_after_a_kill_at_any_call()
    {
        for (var at = 1; at <= Script.Calls; at++)
        {
            var killed = Crash(at).Disk.AfterKill();
            ulong digest;
            using (var next = ReplicaHarness.Open(killed))
            {
                next.Mark(1, 2, at);
                digest = next.State.Digest();
            }

            for (var seed = at * 3; seed < (at * 3) + 3; seed++)
            {
                using var found = ReplicaHarness.Recover(killed.AfterPowerCut(seed));
                Assert.True(digest == found.State.Digest(), $"killed at call {at}, power cut with seed {seed}: lost what was acknowledged between");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_come_to_the_same_state_when_recovery_itself_is_interrupted_at_any_call(bool powerCut)
    {
        for (var at = 5; at <= Script.Calls; at += 11)
        {
            var (memory, acknowledged) = Crash(at);
            var left = powerCut ? memory.AfterPowerCut(at) : memory.AfterKill();
            for (var second = 1; ; second++)
            {
                var again = left.AfterKill();
                var disk = new FaultyDisk(again) { CrashAt = second };
                var epoch = TryRecover(disk);
                var last = powerCut ? again.AfterPowerCut(second) : again.AfterKill();
                var reached = RequireAllowed(last, acknowledged, $"crash at call {at}, recovery interrupted at call {second}");
                Assert.True(reached > epoch, $"epoch {reached} after {epoch} (crash at call {at}, recovery interrupted at {second})");
                if (!disk.HasFired)
                    break;
            }
        }
    }

    private static (MemoryDisk Disk, int Acknowledged) Crash(int at)
    {
        var memory = new MemoryDisk();
        var disk = new FaultyDisk(memory) { CrashAt = at };
        var acknowledged = CrashScript.RunUntilCrash(disk);
        Assert.True(disk.HasFired);
        return (memory, acknowledged);
    }

    private static Epoch TryRecover(IDisk disk)
    {
        try
        {
            using var replica = ReplicaHarness.Recover(disk);
            return replica.Store.Epoch;
        }
        catch (SimulatedCrashException)
        {
            return Epoch.None;
        }
    }

    private static Epoch RequireAllowed(IDisk disk, int acknowledged, string where)
    {
        using var replica = ReplicaHarness.Recover(disk);
        Assert.True(Script.IsAllowed(replica.State.Digest(), acknowledged), $"lost or invented something: {where}, {acknowledged} acknowledged");
        return replica.Store.Epoch;
    }
}
