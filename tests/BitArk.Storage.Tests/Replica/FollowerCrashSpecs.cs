using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>A follower after a crash has what it answered for, wherever the process or the power stopped.</summary>
public sealed class FollowerCrashSpecs : IDisposable
{
    private const int PowerCutsPerCall = 3;

    private readonly TwoHistories _histories = new();

    [Fact]
    public void Should_have_what_it_promised_and_acknowledged_when_stopped_at_any_call()
    {
        for (var call = 1; ; call++)
        {
            var memory = new MemoryDisk();
            var disk = new FaultyDisk(memory) { CrashAt = call };
            var script = new FollowerScript(_histories);
            script.RunUntilCrash(disk);
            AssertSurvived(script, memory.AfterKill(), $"killed at call {call}, {disk.Trace[^1]}");
            for (var seed = call * PowerCutsPerCall; seed < (call + 1) * PowerCutsPerCall; seed++)
                AssertSurvived(script, memory.AfterPowerCut(seed), $"power cut at call {call}, {disk.Trace[^1]}, seed {seed}");
            if (disk.HasFired)
                continue;
            Assert.True(call > 100, $"the script made only {call} calls");
            return;
        }
    }

    [Fact]
    public void Should_have_it_too_when_its_recovery_is_stopped_at_any_call()
    {
        for (var call = 7; ; call += 9)
        {
            var memory = new MemoryDisk();
            var disk = new FaultyDisk(memory) { CrashAt = call };
            var script = new FollowerScript(_histories);
            script.RunUntilCrash(disk);
            if (!disk.HasFired)
                return;
            var left = memory.AfterPowerCut(call);
            for (var second = 1; ; second++)
            {
                var again = left.AfterKill();
                var interrupted = new FaultyDisk(again) { CrashAt = second };
                TryRecover(interrupted);
                AssertSurvived(script, again.AfterPowerCut(second), $"power cut at call {call}, recovery stopped at call {second}");
                if (!interrupted.HasFired)
                    break;
            }
        }
    }

    public void Dispose() => _histories.Dispose();

    private static void AssertSurvived(FollowerScript script, MemoryDisk disk, string where)
    {
        using var found = ReplicaHarness.OpenOneOfSeveral(disk);
        script.AssertSurvivedIn(found, where);
    }

    private static void TryRecover(FaultyDisk disk)
    {
        try
        {
            ReplicaHarness.OpenOneOfSeveral(disk).Dispose();
        }
        catch (SimulatedCrashException)
        {
        }
    }
}
