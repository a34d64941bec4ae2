using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Faults.Scenarios;

/// <summary>Followers stay away until they need a snapshot, and that of the leader rots when it has been offered.</summary>
internal sealed class RottenOffers(World world) : Scenario(world)
{
    public override double KindChance => 0.1;

    public override int Rarer => 6;

    public override SimSettings Bend(SimSettings drawn) => drawn with
    {
        IsConservative = false,
        MaxLagBytes = World.Random.Between(48, 96) * 1024,
        MaxLagTime = Milliseconds(300, 900),
        SnapshotEveryBytes = World.Random.Between(24, 48) * 1024,
        MaxOperations = World.Random.Between(100, 220),
        ClientPause = Milliseconds(4, 20),
        SlowestSync = Milliseconds(1, 10),
    };

    public override void Begin() => Repeat(300, 1_500, () =>
    {
        if (Leader() is { } leader && World.Nodes.All(node => node is { IsExcused: false, Replica.IsDamaged: false }))
            Fell(OthersThan(leader)[0], 800, 2_000);
    });

    public override void Offered(SimNode leader, Lsn snapshot)
    {
        if (!IsOver && World.Random.Chance(0.3))
            Later(0, 60, () => World.Nemesis.Flips.FlipSnapshot(leader, snapshot));
    }
}
