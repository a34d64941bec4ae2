using BitArk.Storage.Sessions;

namespace BitArk.Storage.Tests.Sessions;

public sealed class SessionTableSpecs : IDisposable
{
    private const int Window = 4;

    private readonly SessionTable _table = new(Window, 64 << 10);
    private long _at = 64;

    public void Dispose() => _table.Dispose();

    /// <summary>Sequences in order of arrival, then what each is: A applied, R repeat, X expired.</summary>
    [Theory]
    [InlineData("1 2 3 4 5 6", "AAAAAA")]
    [InlineData("1 1 1", "ARR")]
    [InlineData("1 2 3 4 1", "AAAAR")]
    [InlineData("1 2 3 4 5 1", "AAAAAX")]
    [InlineData("4 3 2 1 4 3 2 1", "AAAARRRR")]
    [InlineData("1 9 6 5 9 6", "AAAXRR")]
    [InlineData("1000000 999997 999996", "AAX")]
    [InlineData("1 2 3 4 6 5 5", "AAAAAAR")]
    [InlineData("1 5 2 1 2 5", "AAAXRR")]
    [InlineData("1 2 100 97 98 99 96 2", "AAAAAAXX")]
    [InlineData("9223372036854775806 9223372036854775807 9223372036854775806", "AAR")]
    public void Should_apply_each_sequence_once_when_they_arrive_in_any_order(string sequences, string expected) =>
        Assert.Equal(expected, string.Concat(sequences.Split(' ').Select(text => Try(7, long.Parse(text, System.Globalization.CultureInfo.InvariantCulture), 1))));

    [Fact]
    public void Should_name_the_lowest_sequence_when_one_is_expired()
    {
        Try(7, 10, 1);
        Assert.Equal(SessionDecision.Expired, _table.Decide(new SessionId(7), 6, new Lsn(++_at), new long[1], out var lowest));
        Assert.Equal(7, lowest);
    }

    [Fact]
    public void Should_answer_what_was_recorded_when_a_sequence_is_repeated()
    {
        long[] counts = [5, 0, 1];
        _table.Record(new SessionId(7), 3, new Lsn(100), counts);
        var changed = new long[3];
        Assert.Equal(SessionDecision.Repeat, _table.Decide(new SessionId(7), 3, new Lsn(200), changed, out _));
        Assert.Equal(counts, changed);
    }

    [Fact]
    public void Should_keep_sessions_apart_when_they_use_the_same_sequences()
    {
        Assert.Equal('A', Try(1, 1, 1));
        Assert.Equal('A', Try(2, 1, 1));
        Assert.Equal('R', Try(1, 1, 1));
    }

    [Fact]
    public void Should_evict_the_one_used_longest_ago_when_the_table_is_full()
    {
        for (var session = 1; session <= _table.Capacity; session++)
            Try(session, 5, 1);
        Assert.Equal('R', Try(1, 5, 1));

        Assert.Equal('A', Try(1_000_000, 1, 1));
        Assert.Equal(_table.Capacity, _table.Count);
        Assert.Equal(1, _table.EvictedCount);
        Assert.Equal('R', Try(1, 5, 1));
        Assert.Equal('R', Try(3, 5, 1));
        // Session 2 went: its past is refused, its future is not, and its past stays refused then.
        Assert.Equal('X', Try(2, 5, 1));
        Assert.Equal('X', Try(2, 2, 1));
        Assert.Equal('A', Try(2, 7, 1));
        Assert.Equal('X', Try(2, 5, 1));
        Assert.Equal('A', Try(2, 6, 1));
        Assert.Equal('R', Try(2, 7, 1));
    }

    [Fact]
    public void Should_stay_within_its_bound_when_sessions_come_and_go_for_ever()
    {
        for (var session = 1; session <= 10 * (_table.Capacity + _table.EvictedCapacity); session++)
            Assert.Equal('A', Try(session, 1 + (session % 3), 1));
        Assert.Equal(_table.Capacity, _table.Count);
        Assert.Equal(_table.EvictedCapacity, _table.EvictedCount);
        // So long gone that it is forgotten: it counts as new.
        Assert.Equal('A', Try(1, 1, 1));
    }

    [Theory]
    [InlineData(64, 64L << 20, 35_000, 130_000)]
    public void Should_hold_as_many_sessions_as_documented_when_it_has_the_default_size(int window, long bytes, int sessions, int evicted)
    {
        using var table = new SessionTable(window, bytes);
        Assert.InRange(table.Capacity, sessions, sessions * 1.1);
        Assert.InRange(table.EvictedCapacity, evicted, evicted * 1.1);
    }

    private char Try(long session, long sequence, long count)
    {
        var changed = new long[1];
        var at = new Lsn(_at += 64);
        switch (_table.Decide(new SessionId(session), sequence, at, changed, out _))
        {
            case SessionDecision.Apply:
                changed[0] = count;
                _table.Record(new SessionId(session), sequence, at, changed);
                return 'A';
            case SessionDecision.Repeat:
                return 'R';
            default:
                return 'X';
        }
    }
}
