using BitArk.Storage.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class PosixLogSpecs : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bitark-wal-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private sealed class Collector : IWalRecordVisitor
    {
        public List<(Lsn Start, Lsn End, RecordType Type, byte[] Payload)> Records { get; } = [];

        public void Visit(in WalRecord record) => Records.Add((record.Start, record.End, record.Type, record.Payload.ToArray()));
    }

    [Fact]
    public void Should_find_every_flushed_record_when_opened_again()
    {
        var options = new WalOptions
        {
            Directory = Path.Combine(_directory, "p", "wal"),
            DurableMarkPath = Path.Combine(_directory, "p", "durable.mark"),
            ClusterId = ClusterId.NewRandom(),
            Partition = new PartitionId(3),
            Geometry = new LogGeometry(65536),
        };
        var written = new List<byte[]>();
        using (var log = WriteAheadLog.Open(options, PosixDisk.Instance, Lsn.Zero, [], new Collector(), SilentRecovery.Instance))
        {
            for (var i = 0; i < 200; i++)
            {
                var payload = new byte[(i * 37) % 2000];
                Random.Shared.NextBytes(payload);
                while (log.TryAppend(new Epoch(1), RecordType.Marks, 0, payload, out _, out _) is var outcome and not AppendOutcome.Appended)
                {
                    if (outcome == AppendOutcome.FlushFirst)
                        log.Flush();
                    else
                        Assert.True(log.OfferSpare(log.Segments.Create(log.SpareIndex)));
                }

                written.Add(payload);
            }

            log.Flush();
            log.WriteMark(log.WrittenLsn);
        }

        var found = new Collector();
        using var again = WriteAheadLog.Open(options, PosixDisk.Instance, Lsn.Zero, [], found, SilentRecovery.Instance);
        Assert.Equal(written, found.Records.Where(record => record.Type == RecordType.Marks).Select(record => record.Payload));
    }
}
