using BitArk.Cli.IntegerSets;

namespace BitArk.Cli.Tests.IntegerSets;

public sealed class SetReportSpecs
{
    [Fact]
    public void Should_have_this_text_when_written()
    {
        var report = new SetReport
        {
            Name = "census.zip",
            Sets = 2,
            Ids = 1_000,
            Ranges = 300,
            Elapsed = TimeSpan.FromMilliseconds(500),
            Checks = [new SetCheck("a.txt", 700, null), new SetCheck("b.txt", 800, "the exported file holds other ids")],
            Memory = (10_000, 12_500),
        };
        var writer = new StringWriter { NewLine = "\n" };
        report.WriteTo(writer);
        Assert.Equal(
            """
            collection  census.zip: 2 sets, 1,000 ids in 300 ranges
            loaded      in 0.5 s: 2,000 marks/s, each acknowledged (durable and applied)
            exported    1,500 B of portable Roaring files, 1.50 B/id, decoded and compared
            memory      2,500 B more in the node (now 12,500 B), 2.50 B/mark
            mismatches  1
            MISMATCH b.txt: the exported file holds other ids

            """,
            writer.ToString());
        Assert.False(report.IsSound);
    }

    [Fact]
    public void Should_add_up_all_partitions_when_it_reads_the_metrics()
    {
        Assert.Equal(30, NodeMemory.Parse("# TYPE bitark_memory_bytes gauge\nbitark_memory_bytes{partition=\"0\"} 10 1700000000\nbitark_memory_bytes{partition=\"1\"} 20\nbitark_memory_bytes_other 5\n"));
        Assert.Equal(7, NodeMemory.Parse("bitark_memory_bytes 7\n"));
        Assert.Null(NodeMemory.Parse("other 7\n"));
    }
}
