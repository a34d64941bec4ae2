using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Script;
using BitArk.Storage.Wal;

namespace BitArk.Chaos.Tests.ClusterHistories;

public sealed class SegmentLogSpecs : IDisposable
{
    private const int SegmentBytes = 64 << 10;
    private readonly string _directory = Directory.CreateTempSubdirectory("bitark-segment-log-").FullName;

    public SegmentLogSpecs()
    {
        using var replica = new ScriptReplica(_directory);
        replica.Lead();
        var sequence = 0;
        foreach (var write in ScriptWrites.All())
            replica.Write(write, ++sequence);
    }

    [Fact]
    public void Should_read_what_was_written_when_a_log_has_several_segments()
    {
        var log = SegmentLog.Read(Segments(), SegmentBytes, LogRules.First);

        Assert.True(Segments().Count > 2);
        Assert.Equal(RecordType.EpochStart, log[0].Type);
        Assert.Equal("script", log[0].Leader);
        Assert.Equal(ScriptWrites.All(), log.Where(record => record.IsWrite).Select(record => record.Operations.ToArray()));
        Assert.Equal(Enumerable.Range(1, ScriptWrites.Count).Select(sequence => (long)sequence), log.Where(record => record.IsWrite).Select(record => record.Sequence));
        Assert.All(log.Zip(log.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
    }

    [Fact]
    public void Should_end_when_a_bit_of_a_record_is_another()
    {
        var segments = Segments();
        var whole = SegmentLog.Read(segments, SegmentBytes, LogRules.First);
        var harmed = whole[10];
        segments[harmed.Start.SegmentIndex(SegmentBytes)][harmed.Start.SegmentOffset(SegmentBytes) + 30] ^= 1;

        Assert.Equal(10, SegmentLog.Read(segments, SegmentBytes, LogRules.First).Count);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Dictionary<long, byte[]> Segments() =>
        Directory.GetFiles(Path.Combine(_directory, "partitions", "0", "wal"), "*.wal").ToDictionary(path => Convert.ToInt64(Path.GetFileNameWithoutExtension(path), 16), File.ReadAllBytes);
}
