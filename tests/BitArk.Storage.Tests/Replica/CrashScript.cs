using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>
/// A short life of a replica that crosses everything: segment rolls, durable marks, snapshots, collections. The same calls in
/// the same order every time, so a crash at call N is a place in the program.
/// </summary>
internal sealed class CrashScript
{
    private const int Writes = 60;

    /// <summary>Digests after 0, 1, 2 … acknowledged writes.</summary>
    private readonly List<ulong> _digests = [];

    public CrashScript()
    {
        var disk = new FaultyDisk(new MemoryDisk());
        Run(disk, replica => _digests.Add(replica.State.Digest()));
        Calls = disk.Calls;
        Assert.Equal(Writes, _digests.Count - 1);
    }

    /// <summary>The disk calls of an undisturbed run.</summary>
    public int Calls { get; }

    /// <summary>Runs until the disk says no; returns the writes acknowledged by then.</summary>
    public static int RunUntilCrash(IDisk disk)
    {
        var acknowledged = -1;
        try
        {
            Run(disk, _ => acknowledged++);
        }
        catch (SimulatedCrashException)
        {
        }

        return Math.Max(0, acknowledged);
    }

    /// <summary>Whether a digest is that of the writes acknowledged, or of those and the one under way.</summary>
    public bool IsAllowed(ulong digest, int acknowledged) =>
        digest == _digests[acknowledged] || (acknowledged < Writes && digest == _digests[acknowledged + 1]);

    private static void Run(IDisk disk, Action<ReplicaHarness> acknowledged)
    {
        using var replica = ReplicaHarness.Open(disk);
        acknowledged(replica);
        var operations = new MarkOperation[180];
        var changed = new long[operations.Length];
        for (var write = 1; write <= Writes; write++)
        {
            for (var i = 0; i < operations.Length; i++)
                operations[i] = ReplicaHarness.Operation((OperationKind)((write + i) % 5 / 4), 100_000_000 + (i % 40), 500_000_000 + (i % 3), write * i * 100_000, (write * i * 100_000) + (7 * i));
            replica.Write(operations, changed, session: 1 + (write % 3), sequence: write);
            acknowledged(replica);
            if (write % 10 == 0)
                replica.Store.Log.WriteMark(replica.Store.Log.WrittenLsn);
            if (write % 12 != 0)
                continue;
            replica.Snapshot();
            replica.Collect();
        }

        Assert.True(replica.Store.Log.MinRetainedLsn > new Lsn(65536));
    }
}
