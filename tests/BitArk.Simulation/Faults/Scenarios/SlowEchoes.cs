namespace BitArk.Simulation.Faults.Scenarios;

/// <summary>
/// What a follower says is under way for longer than a lease lasts. When it arrives, the leader is cut off, and the others may have had
/// another one for a while.
/// </summary>
internal sealed class SlowEchoes(World world) : Scenario(world)
{
    public override double KindChance => 0.2;

    public override int Rarer => 4;

    public override SimSettings Bend(SimSettings drawn) => drawn with
    {
        ClientPatience = Milliseconds(60, 300),
        Lease = new(Milliseconds(60, 250)),
        Failover = drawn.Failover with { SilentAfter = Milliseconds(120, 250) },
    };

    public override void Begin() => Later(200, 800, Act);

    private void Act()
    {
        if (Leader() is not { } leader)
        {
            Begin();
            return;
        }

        var others = OthersThan(leader);
        var slow = others[0];
        World.Network.Slow(slow.Index, leader.Index, Milliseconds(100, 1_500));
        others[^1].Coordinate();
        Later(0, 800, () =>
        {
            Set(true);
            Later(400, 2_000, () =>
            {
                Set(false);
                World.Network.Slow(slow.Index, leader.Index, TimeSpan.Zero);
                Begin();
            });
        });

        void Set(bool isCut)
        {
            foreach (var other in others)
            {
                World.Network.Cut(leader.Index, other.Index, isCut);
                World.Network.Cut(other.Index, leader.Index, isCut && other != slow);
            }
        }
    }
}
