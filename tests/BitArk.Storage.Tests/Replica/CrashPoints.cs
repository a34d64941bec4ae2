using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>What is on the disk when work on it ends anywhere.</summary>
internal static class CrashPoints
{
    /// <summary>One disk for every call that the work makes, as it was when that call was not made any more.</summary>
    public static IEnumerable<(MemoryDisk Disk, string Where)> Everywhere(Action<IDisk> run, MemoryDisk origin)
    {
        for (var call = 1; ; call++)
        {
            var disk = origin.AfterKill();
            var faulty = new FaultyDisk(disk) { CrashAt = call };
            try
            {
                run(faulty);
                yield break;
            }
            catch (SimulatedCrashException)
            {
            }

            yield return (disk, $"stopped at call {call}, {faulty.Trace[^1]}");
        }
    }

    /// <summary>What a kill leaves, and what so many power cuts do.</summary>
    public static IEnumerable<MemoryDisk> Afterwards(MemoryDisk disk, int powerCuts) =>
        Enumerable.Range(0, powerCuts).Select(disk.AfterPowerCut).Prepend(disk.AfterKill());
}
