using BenchmarkDotNet.Attributes;
using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>Single operations on a table that fits the cache, with allocations: what the code costs without the memory behind it.</summary>
[MemoryDiagnoser]
public class TableMicroBenchmarks
{
    private readonly MessageRange[] _ranges = new MessageRange[16];
    private readonly bool[] _read = new bool[100];
    private readonly long[] _messages = [.. Enumerable.Range(1, 100).Select(i => i * 7L)];
    private ReadTable _table = null!;
    private long _next = 2000;

    [GlobalSetup]
    public void Fill()
    {
        _table = new ReadTable();
        for (var user = 0; user < 1000; user++)
        {
            _ = _table.Mark(new UserId(user), new ChannelId(1), 1, 1000);
            _ = _table.Mark(new UserId(user), new ChannelId(2), 3, 900);
            _ = _table.Mark(new UserId(user), new ChannelId(2), 5000, 5000);
        }
    }

    [GlobalCleanup]
    public void Dispose() => _table.Dispose();

    [Benchmark]
    public bool ContainsInCursor() => _table.TryContains(new UserId(500), new ChannelId(1), 77, out var read) && read;

    [Benchmark]
    public bool ContainsInRanges() => _table.TryContains(new UserId(500), new ChannelId(2), 77, out var read) && read;

    [Benchmark]
    public bool ContainsHundred() => _table.TryContainsMany(new UserId(500), new ChannelId(2), _messages, _read);

    [Benchmark]
    public bool ReadState() => _table.TryReadState(new UserId(500), new ChannelId(2), 5001, _ranges, out _);

    [Benchmark]
    public long MarkNext() => _table.Mark(new UserId(500), new ChannelId(1), 1, _next++);
}
