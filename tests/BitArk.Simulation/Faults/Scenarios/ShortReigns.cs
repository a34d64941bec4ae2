using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Faults.Scenarios;

/// <summary>
/// Leaders come and go. Some are alone from their beginning, some write for a while what nobody else gets, and some end as soon as
/// another replica has a little more of their log: so logs end in different epochs, and old ends meet new ones.
/// </summary>
internal sealed class ShortReigns(World world) : Scenario(world)
{
    private readonly HashSet<SimNode> _marked = [];
    private Fate _fate;

    // In this order each leaves something for the next one to meet.
    private enum Fate
    {
        WritesAlone,
        BeginsAlone,
        EndsWhenItAdvances,
    }

    public override double KindChance => 0.1;

    public override int Rarer => 6;

    public override SimSettings Bend(SimSettings drawn) => drawn with
    {
        Faulty = Milliseconds(7_000, 10_000),
        ClientPause = Milliseconds(4, 15),
        ClientPatience = Milliseconds(50, 200),
        BatchBytes = World.Random.Between(1, 2) * 1024,
        SlowestSync = Milliseconds(2, 25),
        Lease = new(Milliseconds(20, 80)),
        Failover = drawn.Failover with
        {
            SilentAfter = Milliseconds(80, 150),
            ChooseAfter = Milliseconds(0, 10),
            RoundTimeout = Milliseconds(80, 150),
            ServeTimeout = Milliseconds(200, 400),
        },
    };

    public override void Begun(SimNode leader)
    {
        _marked.Remove(leader);
        leader.SyncDelay = TimeSpan.Zero;
        if (IsOver)
            return;
        _fate = (Fate)(World.Random.Chance(0.6) ? ((int)_fate + 1) % 3 : World.Random.Below(3));
        switch (_fate)
        {
            case Fate.WritesAlone:
                LeaveAloneOnceItServes(leader, leader.Run);
                break;
            case Fate.BeginsAlone:
                Isolate(leader);
                Later(10, 120, () => End(leader, 400, 1_000));
                break;
            case Fate.EndsWhenItAdvances:
                _marked.Add(leader);
                leader.SyncDelay = Milliseconds(0, 80);
                Later(100, 400, () => Advanced(leader));
                break;
        }
    }

    public override void Advanced(SimNode leader)
    {
        if (_marked.Remove(leader))
            Later(0, 10, () => End(leader, 300, 1_000));
    }

    private void LeaveAloneOnceItServes(SimNode leader, int run) => Later(40, 120, () =>
    {
        if (leader.Run != run || leader.Replica is not { } replica || replica.LeadingEpoch == Epoch.None)
            return;
        if (replica.IsServing)
        {
            Isolate(leader);
            Later(30, 150, () => End(leader, 250, 600));
        }
        else
        {
            LeaveAloneOnceItServes(leader, run);
        }
    });

    // Whoever is left looks for another one soon.
    private void End(SimNode leader, int least, int most)
    {
        Fell(leader, least, most);
        Later(10, 80, () => OthersThan(leader)[0].Coordinate());
    }

    // What it says is not heard; what others say it does hear.
    private void Isolate(SimNode leader)
    {
        Set(true);
        Later(150, 400, () => Set(false));

        void Set(bool isCut)
        {
            foreach (var other in OthersThan(leader))
                World.Network.Cut(leader.Index, other.Index, isCut);
        }
    }
}
