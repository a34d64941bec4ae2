using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Tests.Membership;

public sealed class SilencePaceSpecs
{
    [Fact]
    public void Should_believe_twice_as_long_each_time_in_vain_up_to_a_bound_and_begin_again_when_it_was_not_alone()
    {
        var pace = new SilencePace(TimeSpan.FromSeconds(30));
        var seconds = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            seconds.Add(pace.Patience.TotalSeconds);
            pace.GaveUp();
        }

        Assert.Equal([30, 60, 120, 240, 480, 480], seconds);
        pace.NotAlone();
        Assert.Equal(TimeSpan.FromSeconds(30), pace.Patience);
    }
}
