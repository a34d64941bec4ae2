using BitArk.Cli.Terminal;
using BitArk.Cli.Tests.Files;
using BitArk.Cli.Wal;
using BitArk.Storage.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Cli.Tests.Wal;

/// <summary>A log that its node changes while it is read.</summary>
public sealed class LogInspectorSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SampleReplica _replica;

    public LogInspectorSpecs()
    {
        _replica = new SampleReplica(_directory.Path);
        while (_replica.End.Value < 4 * SampleReplica.SegmentBytes)
        {
            _replica.Write(0, 0, [.. Enumerable.Range(1, 500).Select(i => SampleReplica.Operation(OperationKind.Mark, i, 1, i, i * 2))]);
        }

        _replica.MarkDurable();
    }

    [Fact]
    public void Should_call_nothing_damaged_when_segments_go_between_the_mark_and_the_list_of_them()
    {
        var listings = 0;
        var disk = new MovingDisk(_ =>
        {
            if (++listings == 2)
            {
                Assert.True(_replica.DeleteSegmentsBelow(_replica.End) > 0);
            }
        });

        var error = Assert.Throws<CliException>(() => new LogInspector(disk, _replica.Directory).Read(Lsn.Zero, new Hearing(() => { })));

        Assert.Contains("its node is running", error.Message, StringComparison.Ordinal);
        Assert.True(listings >= 2);
        Assert.IsType<WalVerdict.Sound>(new LogInspector(PosixDisk.Instance, _replica.Directory).Verify(NoProgress.Instance).Verdict);
    }

    [Fact]
    public void Should_say_that_the_node_is_running_when_segments_go_while_their_records_are_handed_out()
    {
        var records = 0;
        var visitor = new Hearing(() =>
        {
            if (++records == 1)
            {
                Assert.True(_replica.DeleteSegmentsBelow(_replica.End) > 0);
            }
        });

        var error = Assert.Throws<CliException>(() => new LogInspector(PosixDisk.Instance, _replica.Directory).Read(Lsn.Zero, visitor));

        Assert.Contains("its node is running", error.Message, StringComparison.Ordinal);
        Assert.True(records > 1);
    }

    public void Dispose()
    {
        _replica.Dispose();
        _directory.Dispose();
    }

    private sealed class Hearing(Action heard) : IWalRecordVisitor
    {
        public void Visit(in WalRecord record) => heard();
    }
}
