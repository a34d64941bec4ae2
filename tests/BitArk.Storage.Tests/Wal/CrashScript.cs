using BitArk.Storage.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

/// <summary>
/// A short life of a log (group commits, rolls, marks, collection, a cut) that keeps a model of what it was told is
/// durable, so that whatever a crash leaves can be judged.
/// </summary>
internal sealed class CrashScript
{
    private readonly List<TestRecord> _acknowledged = [];
    private readonly List<TestRecord> _pending = [];
    private Lsn? _cutting;
    private Lsn _collected = Lsn.Zero;

    public void Run(IDisk disk)
    {
        using var test = TestLog.Open(disk);
        test.AddSpare();
        Commit(test, 1, 100, 9_000, 15);
        test.Log.WriteMark(test.Log.WrittenLsn);
        Commit(test, 2, 20_000, 20_000);
        Commit(test, 3, 25_000);
        test.Log.WriteMark(test.Log.WrittenLsn);
        Commit(test, 4, 30_000, 10);
        Commit(test, 5, 8, 8, 30_000);
        _collected = test.Log.WrittenLsn;
        test.Log.DeleteSegmentsBelow(_collected);
        Commit(test, 6, 32_000, 31_000);
        Commit(test, 7, 700);
        Cut(test, _acknowledged[^3].End);
        Commit(test, 8, 1_000, 30_000, 2_000);
        test.Log.WriteMark(test.Log.WrittenLsn);
    }

    public void AssertSurvivedIn(TestLog found, string where)
    {
        var oldest = found.Log.MinRetainedLsn;
        var records = found.Marks.ToList();
        Assert.True(oldest <= Lsn.Max(_collected, TestLog.Geometry.Origin), $"{where}: segments above the floor are gone");
        var expected = _acknowledged.Where(record => record.Start >= oldest).ToList();
        if (_cutting is { } cut && records.SequenceEqual(expected.Where(record => record.Start < cut)))
            return;
        Assert.True(records.Count >= expected.Count, $"{where}: {expected.Count - records.Count} acknowledged records lost");
        Assert.True(records.Take(expected.Count).SequenceEqual(expected), $"{where}: acknowledged records changed");
        var rest = records.Skip(expected.Count).ToList();
        Assert.True(rest.SequenceEqual(_pending.Take(rest.Count)), $"{where}: a record nobody appended");
    }

    private void Commit(TestLog test, int seed, params int[] sizes)
    {
        foreach (var size in sizes)
        {
            var payload = TestLog.Payload(seed + size, size);
            while (test.Log.TryAppend(new Epoch(1), RecordType.Marks, 0, payload, out var start, out var end) is var outcome)
            {
                if (outcome == AppendOutcome.Appended)
                {
                    _pending.Add(new TestRecord(start, end, new Epoch(1), RecordType.Marks, payload));
                    break;
                }

                Flush(test);
                if (outcome == AppendOutcome.NoSpace)
                    test.AddSpare();
            }
        }

        Flush(test);
        if (test.Log.NeedsSpare)
            test.AddSpare();
    }

    private void Flush(TestLog test)
    {
        test.Log.Flush();
        _acknowledged.AddRange(_pending);
        _pending.Clear();
    }

    private void Cut(TestLog test, Lsn at)
    {
        _cutting = at;
        test.Log.CutTo(at, new Epoch(1));
        _acknowledged.RemoveAll(record => record.Start >= at);
        _cutting = null;
    }
}
