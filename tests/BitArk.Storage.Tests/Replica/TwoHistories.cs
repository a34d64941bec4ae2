using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

/// <summary>
/// Two leaders' logs that share their beginning: that of epoch 1 has a tail that was never committed, that of epoch 2 goes
/// on from the common part. The state at every position of the second is known.
/// </summary>
internal sealed class TwoHistories : IDisposable
{
    public static readonly Guid FirstProposer = new("11111111111111111111111111111111");
    public static readonly Guid SecondProposer = new("22222222222222222222222222222222");

    private readonly Dictionary<Lsn, ulong> _digests = [];
    private int _writes;

    public TwoHistories()
    {
        First = ReplicaHarness.OpenOneOfSeveral(new MemoryDisk());
        First.Lead(new Epoch(1), FirstProposer);
        Write(First, 14);
        Second = ReplicaHarness.OpenOneOfSeveral(new MemoryDisk());
        ReplicaHarness.Ship(First, Second);
        Second.ApplyTo(Second.Store.Log.WrittenLsn);
        Common = First.Store.Log.WrittenLsn;
        Second.Lead(new Epoch(2), SecondProposer);
        Write(First, 12);
        Write(Second, 30);
        FirstRecords = Records(First);
        SecondRecords = Records(Second);
        ReplayStates();
    }

    public ReplicaHarness First { get; }

    public ReplicaHarness Second { get; }

    /// <summary>Where the two part.</summary>
    public Lsn Common { get; }

    public List<(Lsn End, Epoch Epoch, byte[] Bytes)> FirstRecords { get; }

    public List<(Lsn End, Epoch Epoch, byte[] Bytes)> SecondRecords { get; }

    /// <summary>The digest of the state at a committed position; null when no record ends there.</summary>
    public ulong? DigestAt(Lsn lsn) => _digests.TryGetValue(lsn, out var digest) ? digest : null;

    /// <summary>Everything a replica's log still has, record by record.</summary>
    public static List<(Lsn End, Epoch Epoch, byte[] Bytes)> Records(ReplicaHarness replica)
    {
        var (log, found) = (replica.Store.Log, new List<(Lsn, Epoch, byte[])>());
        using var reader = log.OpenReader();
        for (var at = log.MinRetainedLsn; at < log.WrittenLsn;)
        {
            var range = Assert.IsType<LogReadResult.Range>(reader.Read(at, log.WrittenLsn, 1, 1));
            found.Add((range.End, range.LastEpoch, range.Bytes.ToArray()));
            at = range.End;
        }

        return found;
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }

    private void ReplayStates()
    {
        using var model = ReplicaHarness.OpenOneOfSeveral(new MemoryDisk());
        _digests.Add(model.State.LastAppliedLsn, model.State.Digest());
        foreach (var record in SecondRecords)
        {
            model.State.ApplyShipped(record.Bytes, model.State.LastAppliedLsn);
            _digests.Add(record.End, model.State.Digest());
        }
    }

    private void Write(ReplicaHarness replica, int writes)
    {
        var operations = new MarkOperation[180];
        var changed = new long[operations.Length];
        for (var end = _writes + writes; _writes < end; _writes++)
        {
            for (var i = 0; i < operations.Length; i++)
                operations[i] = ReplicaHarness.Operation(OperationKind.Mark, 100_000_000 + (i % 40), 500_000_000 + (i % 3), _writes * i * 100_000, (_writes * i * 100_000) + (7 * i));
            replica.Write(operations, changed, session: 1 + (_writes % 3), sequence: 1 + _writes);
        }
    }
}
