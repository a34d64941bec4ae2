using BitArk.Simulation.Runs;

namespace BitArk.Simulation.Tests;

/// <summary>A simulator that finds nothing proves nothing: a bug planted on purpose has to be found. Here those that a few hundred seeds find.</summary>
public sealed class PlantSpecs
{
    public static TheoryData<string> Names => [.. Plants.ByName.Keys.Except(Plants.Rare)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_be_found_when_a_bug_is_planted(string name) =>
        Assert.NotNull(PlantHunt.Find(Plants.ByName[name], from: 1, within: 400, jobs: Environment.ProcessorCount));

    // Each among the seeds of the scenario that brings it about: every twentieth.
    [Theory]
    [InlineData("lease-from-receipt", 4)]
    [InlineData("late-ack", 5)]
    [InlineData("old-epochs-committed", 14)]
    public void Should_be_found_when_a_rare_bug_is_planted(string name, long first) =>
        Assert.NotNull(PlantHunt.Find(Plants.ByName[name], first, within: 2_000, step: 20, jobs: Environment.ProcessorCount));
}
