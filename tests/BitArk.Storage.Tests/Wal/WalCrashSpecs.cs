using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Wal;

/// <summary>Memory after recovery equals what was acknowledged, wherever the process or the power stopped.</summary>
public sealed class WalCrashSpecs
{
    private const int PowerCutsPerCall = 4;

    [Fact]
    public void Should_keep_every_acknowledged_record_when_killed_at_any_call()
    {
        foreach (var (disk, script, where) in CrashEverywhere())
        {
            using var found = TestLog.Open(disk.AfterKill());
            script.AssertSurvivedIn(found, where);
        }
    }

    [Fact]
    public void Should_keep_every_acknowledged_record_when_the_power_fails_at_any_call()
    {
        foreach (var (disk, script, where) in CrashEverywhere())
        {
            for (var seed = 0; seed < PowerCutsPerCall; seed++)
            {
                using var found = TestLog.Open(disk.AfterPowerCut(seed));
                script.AssertSurvivedIn(found, $"{where}, seed {seed}");
            }
        }
    }

    [Fact]
    public void Should_keep_what_the_next_process_acknowledged_when_the_power_fails_after_a_kill_at_any_call()
    {
        foreach (var (disk, _, where) in CrashEverywhere())
        {
            var killed = disk.AfterKill();
            List<TestRecord> records;
            using (var next = TestLog.Open(killed))
                records = [.. next.Marks, next.AppendAndFlush(new byte[30_000]), next.AppendAndFlush(new byte[30_000])];

            for (var seed = 0; seed < PowerCutsPerCall; seed++)
            {
                using var found = TestLog.Open(killed.AfterPowerCut(seed));
                Assert.True(records.SequenceEqual(found.Marks), $"{where}, seed {seed}: lost records that were acknowledged after the kill");
            }
        }
    }

    [Fact]
    public void Should_give_the_same_bytes_when_recovery_is_interrupted_at_any_call_and_repeated()
    {
        foreach (var (disk, _, where) in CrashEverywhere())
        {
            var seed = where.Length;
            AssertRepeatable(disk.AfterKill(), interrupted => interrupted.AfterKill(), where);
            AssertRepeatable(disk.AfterPowerCut(seed), interrupted => interrupted.AfterPowerCut(seed), where);
        }
    }

    private static void AssertRepeatable(MemoryDisk origin, Func<MemoryDisk, MemoryDisk> interrupt, string where)
    {
        var (records, segments) = Recover(origin.AfterKill());
        for (var call = 1; ; call++)
        {
            var disk = origin.AfterKill();
            var faulty = new FaultyDisk(disk) { CrashAt = call };
            try
            {
                TestLog.Open(faulty).Dispose();
                return;
            }
            catch (SimulatedCrashException)
            {
                var again = Recover(interrupt(disk));
                Assert.True(records.SequenceEqual(again.Records), $"{where}, recovery stopped at {faulty.Trace[^1]}: other records");
                Assert.True(AreEqual(segments, again.Segments), $"{where}, recovery stopped at {faulty.Trace[^1]}: other bytes");
            }
        }
    }

    private static (List<TestRecord> Records, Dictionary<string, byte[]> Segments) Recover(MemoryDisk disk)
    {
        using var found = TestLog.Open(disk);
        return (found.Records, disk.Dump().Where(file => file.Key.EndsWith(".wal", StringComparison.Ordinal)).ToDictionary());
    }

    private static bool AreEqual(Dictionary<string, byte[]> left, Dictionary<string, byte[]> right) =>
        left.Count == right.Count
        && left.All(file => right.TryGetValue(file.Key, out var other) && file.Value.AsSpan().SequenceEqual(other));

    private static IEnumerable<(MemoryDisk Disk, CrashScript Script, string Where)> CrashEverywhere()
    {
        for (var call = 1; ; call++)
        {
            var disk = new MemoryDisk();
            var faulty = new FaultyDisk(disk) { CrashAt = call };
            var script = new CrashScript();
            try
            {
                script.Run(faulty);
                Assert.True(call > 80, $"the script made only {call} calls");
                yield break;
            }
            catch (SimulatedCrashException)
            {
            }

            yield return (disk, script, $"stopped at call {call}, {faulty.Trace[^1]}");
        }
    }
}
