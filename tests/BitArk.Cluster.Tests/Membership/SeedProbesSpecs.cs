using Akka.Actor;
using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Tests.Membership;

public sealed class SeedProbesSpecs
{
    private static readonly Address A = new("akka.tcp", "bitark", "a", 1);
    private static readonly Address B = new("akka.tcp", "bitark", "b", 1);
    private readonly SeedProbes _probes = new();

    [Fact]
    public void Should_ask_less_and_less_often_when_nobody_answers()
    {
        List<int> asked = [];
        for (var second = 0; second < 120; second++)
        {
            if (_probes.Due([A], TimeSpan.FromSeconds(second)).Count > 0)
                asked.Add(second);
        }

        Assert.Equal([0, 2, 6, 14, 30, 60, 90], asked);
    }

    [Fact]
    public void Should_ask_every_other_second_when_it_answers()
    {
        List<int> asked = [];
        for (var second = 0; second < 60; second++)
        {
            if (_probes.Due([A, B], TimeSpan.FromSeconds(second)).Contains(A))
                asked.Add(second);
            if (second >= 40)
                _probes.Heard(A, TimeSpan.FromSeconds(second));
        }

        Assert.Equal([0, 2, 6, 14, 30, 42, 44, 46, 48, 50, 52, 54, 56, 58], asked);
    }
}
