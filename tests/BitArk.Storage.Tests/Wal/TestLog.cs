using BitArk.Storage.Disk;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

/// <summary>A small log for tests: 64 KiB segments, a fixed identity, and what recovery reported.</summary>
internal sealed class TestLog : IWalRecordVisitor, IWalRecoveryObserver, IDisposable
{
    public const string Directory = "/data/partitions/0/wal";
    public const string MarkPath = "/data/partitions/0/durable.mark";
    public const int SegmentBytes = 64 * 1024;

    public static readonly ClusterId Cluster = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));
    public static readonly PartitionId Partition = new(7);
    public static readonly LogGeometry Geometry = new(SegmentBytes);

    private WriteAheadLog? _log;

    public static WalOptions Options { get; } = new()
    {
        Directory = Directory,
        DurableMarkPath = MarkPath,
        ClusterId = Cluster,
        Partition = Partition,
        Geometry = Geometry,
        MaxBatchBytes = 64 * 1024,
    };

    public WriteAheadLog Log => _log!;

    public List<TestRecord> Records { get; } = [];

    public List<WalTornTail> TornTails { get; } = [];

    public List<string> TidiedUp { get; } = [];

    public IEnumerable<TestRecord> Marks => Records.Where(record => record.Type == RecordType.Marks);

    public static TestLog Open(IDisk disk, WalOptions? options = null, Lsn from = default, Epoch epoch = default)
    {
        var test = new TestLog();
        test._log = WriteAheadLog.Open(options ?? Options, disk, from, epoch == Epoch.None ? [] : [new EpochEntry(epoch, Geometry.Origin)], test, test);
        return test;
    }

    public static string SegmentPath(long index) => Path.Combine(Directory, LogGeometry.SegmentName(index));

    /// <summary>Appends a record, flushing and making spares as its owner would.</summary>
    public TestRecord Append(byte[] payload, long epoch = 1)
    {
        while (true)
        {
            var outcome = Log.TryAppend(new Epoch(epoch), RecordType.Marks, 0, payload, out var start, out var end);
            if (outcome == AppendOutcome.Appended)
                return new TestRecord(start, end, new Epoch(epoch), RecordType.Marks, payload);
            Log.Flush();
            if (outcome == AppendOutcome.NoSpace)
                AddSpare();
        }
    }

    public TestRecord AppendAndFlush(byte[] payload, long epoch = 1)
    {
        var record = Append(payload, epoch);
        Log.Flush();
        return record;
    }

    public void AddSpare() => Assert.True(Log.OfferSpare(Log.Segments.Create(Log.SpareIndex)));

    public static byte[] Payload(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Not one byte of any file changed, and none came or went.</summary>
    public static void AssertUnchanged(IReadOnlyDictionary<string, byte[]> before, MemoryDisk disk)
    {
        var after = disk.Dump();
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, file => Assert.True(file.Value.AsSpan().SequenceEqual(after[file.Key]), $"{file.Key} changed"));
    }

    void IWalRecordVisitor.Visit(in WalRecord record) =>
        Records.Add(new TestRecord(record.Start, record.End, record.Epoch, record.Type, record.Payload.ToArray()));

    void IWalRecoveryObserver.Progress(long bytesDone, long bytesTotal) => Assert.InRange(bytesDone, 0, bytesTotal);

    void IWalRecoveryObserver.MakesSegment()
    {
    }

    void IWalRecoveryObserver.TornTail(WalTornTail tail) => TornTails.Add(tail);

    void IWalRecoveryObserver.Tidied(string what) => TidiedUp.Add(what);

    public void Dispose() => _log?.Dispose();
}

/// <summary>A record as appended or as read back.</summary>
internal sealed record TestRecord(Lsn Start, Lsn End, Epoch Epoch, RecordType Type, byte[] Payload)
{
    public bool Equals(TestRecord? other) => other is not null
        && (Start, End, Epoch, Type) == (other.Start, other.End, other.Epoch, other.Type)
        && Payload.AsSpan().SequenceEqual(other.Payload);

    public override int GetHashCode() => HashCode.Combine(Start, End, Epoch, Type);
}
