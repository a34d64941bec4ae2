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
    public void Should_ask_every_other_second_while_it_answers()
    {
        List<int> asked = [];
        for (var second = 0; second < 60; second++)
        {
            if (!_probes.Due([A, B], TimeSpan.FromSeconds(second)).Contains(A))
                continue;

            asked.Add(second);
            if (second is >= 14 and < 40)
                _probes.Heard(A, TimeSpan.FromSeconds(second));
        }

        Assert.Equal([0, 2, 6, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 44, 52], asked);
    }
}
