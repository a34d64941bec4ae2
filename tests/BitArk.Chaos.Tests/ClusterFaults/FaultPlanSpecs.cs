using BitArk.Chaos.ClusterFaults;

namespace BitArk.Chaos.Tests.ClusterFaults;

public sealed class FaultPlanSpecs
{
    [Fact]
    public void Should_bring_every_kind_once_when_as_many_faults_as_kinds_are_asked_for()
    {
        var plan = new FaultPlan(FaultKind.All, new Random(1));
        for (var round = 0; round < 3; round++)
        {
            var names = FaultKind.All.Select(_ => plan.Next().Name).ToArray();

            Assert.Equal(FaultKind.All.Select(kind => kind.Name).Order(), names.Order());
        }
    }
}
