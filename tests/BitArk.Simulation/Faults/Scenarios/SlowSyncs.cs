using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Faults.Scenarios;

/// <summary>
/// The leader is cut off from some, who look for another one at once. Those that it still reaches have slow disks: what it sent them is
/// on its way to the disk when they are asked for a promise.
/// </summary>
internal sealed class SlowSyncs(World world) : Scenario(world)
{
    public override double KindChance => 0.2;

    public override int Rarer => 4;

    public override SimSettings Bend(SimSettings drawn) => drawn with
    {
        ClientPause = Milliseconds(4, 30),
        ClientPatience = Milliseconds(200, 900),
        SlowestSync = Milliseconds(1, 10),
        Lease = new(Milliseconds(60, 250)),
    };

    public override void Begin() => Later(100, 500, Act);

    private void Act()
    {
        if (Leader() is not { } leader)
        {
            Begin();
            return;
        }

        var others = OthersThan(leader);
        var near = others.Take(World.Nodes.Count / 2).ToList();
        var far = others.Skip(near.Count).ToList();
        far[0].Coordinate();
        foreach (var node in near)
            node.SyncDelay = Milliseconds(20, 150);
        Later(100, 300, () =>
        {
            Cut(leader, far, true);
            Later(0, 60, () => Tell(far, leader, isReachable: false));
            Later(300, 1_000, () =>
            {
                Cut(leader, far, false);
                Tell(far, leader, isReachable: true);
                foreach (var node in near)
                    node.SyncDelay = TimeSpan.Zero;
                Begin();
            });
        });
    }

    private void Cut(SimNode leader, List<SimNode> far, bool isCut)
    {
        foreach (var node in far)
        {
            World.Network.Cut(leader.Index, node.Index, isCut);
            World.Network.Cut(node.Index, leader.Index, isCut);
        }
    }

    private static void Tell(List<SimNode> whom, SimNode about, bool isReachable)
    {
        foreach (var node in whom)
            node.Coordinator?.OnReachability(about.Id, isReachable);
    }
}
