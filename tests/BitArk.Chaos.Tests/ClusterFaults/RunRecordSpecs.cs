using System.Diagnostics;
using System.Xml.Linq;
using BitArk.Chaos.ClusterFaults;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Histories;

namespace BitArk.Chaos.Tests.ClusterFaults;

public sealed class RunRecordSpecs
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void Should_count_what_began_outside_faults_alone_when_asked_how_calm_times_went()
    {
        var run = Run(Asked(1, Outcome.Ok), Asked(2, Outcome.Failed), Asked(12, Outcome.Failed), Asked(19, Outcome.Unknown), Asked(25, Outcome.Ok));

        Assert.Equal((2, 3), run.Calm());
    }

    [Fact]
    public void Should_draw_a_picture_that_can_be_read_when_a_text_holds_what_xml_forbids()
    {
        var picture = XDocument.Parse(TimelinePicture.Draw(Run(Asked(1, Outcome.Ok), Asked(2, Outcome.Failed)) with { Title = "a < b & \"c\"" }));

        Assert.Equal("svg", picture.Root!.Name.LocalName);
        Assert.Contains(picture.Descendants(), element => element.Name.LocalName == "text" && element.Value == "a < b & \"c\"");
        Assert.Contains(picture.Descendants(), element => element.Name.LocalName == "title" && element.Value == "killed");
    }

    private static RunRecord Run(params ClusterOperation[] operations) => new(
        "a run", 0, 30 * Second, ["node1", "node2", "node3"], 1, [new FaultBand("kill", ["node2"], 10 * Second, 15 * Second, 20 * Second, "killed")], [(0, new Epoch(2), "node1", Second)], operations);

    private static ClusterOperation.Read Asked(long second, Outcome outcome) => new(new ReadSetKey(NamespaceId.Default, new UserId(1), new ChannelId(1)), [1], [true], Protocol.V1.Consistency.Any)
    {
        Client = 1,
        Invoke = second * Second,
        Return = (second * Second) + 1,
        Outcome = outcome,
    };
}
