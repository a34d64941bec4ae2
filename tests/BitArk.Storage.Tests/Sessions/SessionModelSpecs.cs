using BitArk.Storage.Sessions;
using CsCheck;

namespace BitArk.Storage.Tests.Sessions;

public sealed class SessionModelSpecs
{
    private const int Window = 6;

    private static readonly Gen<(int Session, int Sequence)[]> Histories =
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 20]).Array[0, 600];

    [Fact]
    public void Should_decide_like_a_plain_list_when_any_history_is_replayed() => Histories.Sample(history =>
    {
        var bytes = SessionTable.MinBytes(Window);
        using var table = new SessionTable(Window, bytes);
        var model = new Model(table.Capacity, table.EvictedCapacity);
        var at = 0L;
        foreach (var (session, sequence) in history)
        {
            var changed = new long[1];
            var decision = table.Decide(new SessionId(session), sequence, new Lsn(++at), changed, out _);
            if (decision == SessionDecision.Apply)
                table.Record(new SessionId(session), sequence, new Lsn(at), [at % 5]);
            var (expected, count) = model.Decide(session, sequence, at);
            Assert.Equal(expected, decision);
            if (decision == SessionDecision.Repeat)
                Assert.Equal(count, changed[0]);
        }
    }, iter: 400);

    /// <summary>What the documentation says, with lists.</summary>
    private sealed class Model(int capacity, int evictedCapacity)
    {
        private readonly List<(int Session, long Floor, Dictionary<int, long> Applied)> _live = [];
        private readonly List<(int Session, long Highest)> _evicted = [];

        public (SessionDecision Decision, long Count) Decide(int session, int sequence, long at)
        {
            var index = _live.FindIndex(entry => entry.Session == session);
            if (index < 0)
                return Begin(session, sequence, at);
            var found = _live[index];
            _live.RemoveAt(index);
            _live.Add(found);
            if (sequence <= Math.Max(found.Floor, found.Applied.Keys.Max() - Window))
                return (SessionDecision.Expired, 0);
            if (found.Applied.TryGetValue(sequence, out var count))
                return (SessionDecision.Repeat, count);
            found.Applied[sequence] = at % 5;
            return (SessionDecision.Apply, 0);
        }

        private (SessionDecision Decision, long Count) Begin(int session, int sequence, long at)
        {
            var floor = 0L;
            var evicted = _evicted.FindIndex(entry => entry.Session == session);
            if (evicted >= 0)
            {
                floor = _evicted[evicted].Highest;
                if (sequence <= floor)
                    return (SessionDecision.Expired, 0);
                _evicted.RemoveAt(evicted);
            }

            if (_live.Count == capacity)
            {
                if (_evicted.Count == evictedCapacity)
                    _evicted.RemoveAt(0);
                _evicted.Add((_live[0].Session, _live[0].Applied.Keys.Max()));
                _live.RemoveAt(0);
            }

            _live.Add((session, floor, new Dictionary<int, long> { [sequence] = at % 5 }));
            return (SessionDecision.Apply, 0);
        }
    }
}
