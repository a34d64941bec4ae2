using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

/// <summary>
/// A follower's short life under two leaders: promises, shipped batches, marks, applying, snapshots, and the cut of a tail
/// that was never committed. It notes what it has answered, so that whatever a crash leaves can be judged.
/// </summary>
internal sealed class FollowerScript(TwoHistories histories)
{
    private Epoch _promised;
    private Lsn _matched = Lsn.Zero;
    private bool _mayBeCut;
    private bool _followsSecond;

    public void RunUntilCrash(IDisk disk)
    {
        try
        {
            Run(disk);
        }
        catch (SimulatedCrashException)
        {
        }
    }

    /// <summary>Nothing promised, acknowledged or committed is lost, and nothing is applied that might have to go.</summary>
    public void AssertSurvivedIn(ReplicaHarness found, string where)
    {
        var (log, records) = (found.Store.Log, TwoHistories.Records(found));
        Assert.True(found.Store.Promised.Epoch >= _promised, $"{where}: promise {_promised} forgotten");
        Assert.True(IsPrefix(records, histories.FirstRecords, log) || IsPrefix(records, histories.SecondRecords, log), $"{where}: bytes that no leader wrote");
        var least = _mayBeCut ? histories.Common : _matched;
        Assert.True(log.WrittenLsn >= least, $"{where}: the log ends at {log.WrittenLsn}, {least} was acknowledged");
        if (_followsSecond)
            Assert.True(IsPrefix(records, histories.SecondRecords, log), $"{where}: the tail that was cut is back");
        Assert.True(histories.DigestAt(found.State.LastAppliedLsn) == found.State.Digest(), $"{where}: another state at {found.State.LastAppliedLsn}");
        Assert.True(EpochsIn(found, records).SequenceEqual(log.Epochs.Entries), $"{where}: another epoch table");
        Assert.True(log.LastEpoch == log.Epochs.Last, where);
    }

    private void Run(IDisk disk)
    {
        using var follower = ReplicaHarness.OpenOneOfSeveral(disk);
        Promise(follower, new Epoch(1), TwoHistories.FirstProposer);
        Ship(follower, histories.First);
        Commit(follower, histories.Common);

        Promise(follower, new Epoch(2), TwoHistories.SecondProposer);
        _mayBeCut = true;
        follower.Store.Log.CutTo(histories.Common, follower.Store.Log.Epochs.Before(histories.Common));
        (_followsSecond, _mayBeCut, _matched) = (true, false, histories.Common);
        Ship(follower, histories.Second);
        Commit(follower, follower.Store.Log.WrittenLsn);
        follower.Collect();
        Assert.Equal(histories.Second.State.Digest(), follower.State.Digest());
    }

    private void Promise(ReplicaHarness follower, Epoch epoch, Guid proposer)
    {
        follower.Store.Promise(epoch, proposer);
        _promised = epoch;
    }

    private void Ship(ReplicaHarness follower, ReplicaHarness leader)
    {
        while (follower.Store.Log.WrittenLsn < leader.Store.Log.WrittenLsn)
        {
            ReplicaHarness.ShipSome(leader, follower, maxBytes: 9000);
            _matched = follower.Store.Log.WrittenLsn;
        }
    }

    private static void Commit(ReplicaHarness follower, Lsn commitLsn)
    {
        follower.Store.Log.WriteMark(commitLsn);
        follower.ApplyTo(commitLsn);
        follower.Snapshot();
    }

    private static bool IsPrefix(
        List<(Lsn End, Epoch Epoch, byte[] Bytes)> found, List<(Lsn End, Epoch Epoch, byte[] Bytes)> history, WriteAheadLog log)
    {
        var rest = history.SkipWhile(record => record.End <= log.MinRetainedLsn).Take(found.Count).ToList();
        return found.Count == rest.Count && found.Zip(rest).All(pair => pair.First.End == pair.Second.End && pair.First.Bytes.AsSpan().SequenceEqual(pair.Second.Bytes));
    }

    // Told anew from the records; what lies before the oldest one is what the state's table says.
    private static List<EpochEntry> EpochsIn(ReplicaHarness replica, List<(Lsn End, Epoch Epoch, byte[] Bytes)> records)
    {
        var at = replica.Store.Log.MinRetainedLsn;
        var entries = replica.State.Epochs.Entries.Where(entry => entry.First < at).ToList();
        foreach (var record in records)
        {
            if (entries.Count == 0 || record.Epoch > entries[^1].Epoch)
                entries.Add(new EpochEntry(record.Epoch, at));
            at = record.End;
        }

        return entries;
    }
}
