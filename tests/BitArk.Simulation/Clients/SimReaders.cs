using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Clients;

/// <summary>Readers that ask whoever says that it leads, also when another says so, too.</summary>
internal sealed class SimReaders(World world)
{
    private const int Count = 2;

    /// <summary>Lets them begin.</summary>
    public void Begin()
    {
        for (var reader = 0; reader < Count; reader++)
            Next();
    }

    private void Next() => world.Queue.After(world.Random.Between(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(40)), () =>
    {
        var needed = world.Safety.Acknowledgements.End;
        foreach (var node in world.Nodes.Where(node => node.Replica is { IsServing: true }))
            node.Read(needed);
        Next();
    });
}
