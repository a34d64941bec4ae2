using BitArk.Simulation.Network;
using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Faults;

/// <summary>
/// What goes wrong, and when. One fault begins every few dozen milliseconds and heals by itself later; which kinds a run
/// has is drawn once, so that some runs are about disks and others about networks.
/// </summary>
internal sealed class Nemesis
{
    private readonly World _world;
    private readonly List<Action> _kinds = [];
    private readonly TimeSpan _pace;
    private readonly double _shortLeaders;
    private bool _isOver;

    public Nemesis(World world)
    {
        _world = world;
        Flips = new DiskFlips(world);
        var random = world.Random;
        Action[] all = [Crash, Crash, PowerCut, Pause, Isolate, CutOneWay, Weather, HandOver, MoveCoordinator, MoveCoordinator, DoubtNode, LoseDisk, FailSync, EndInDiskCall, FlipBit, StayAway, RestartAll];
        foreach (var kind in all)
        {
            if (random.Chance(world.Scenario.KindChance))
                _kinds.Add(kind);
        }

        if (_kinds.Count == 0)
            _kinds.Add(Crash);
        _pace = TimeSpan.FromMilliseconds(random.Between(40, 600) * world.Scenario.Rarer);
        _shortLeaders = random.Chance(0.3) ? random.NextDouble() * 0.7 / world.Scenario.Rarer : 0;
        RecoveryCrash = random.Chance(0.3) ? random.NextDouble() * 0.3 : 0;
    }

    /// <summary>Rot.</summary>
    public DiskFlips Flips { get; }

    /// <summary>How often a recovery is ended in the middle.</summary>
    public double RecoveryCrash { get; private set; }

    /// <summary>Lets it begin.</summary>
    public void Begin()
    {
        Weather();
        Next();
        _world.Scenario.Begin();
    }

    /// <summary>No more faults, and none that lasts.</summary>
    public void End()
    {
        _isOver = true;
        RecoveryCrash = 0;
        _world.Network.Faults = LinkFaults.None;
        _world.Network.Mend();
        foreach (var node in _world.Nodes)
        {
            node.Resume();
            node.SyncDelay = TimeSpan.Zero;
            foreach (var other in _world.Nodes)
                node.Coordinator?.OnReachability(other.Id, isReachable: true);
        }
    }

    /// <summary>A replica has been put in the place of a bad one, and has not caught up: the worst time to lose its leader.</summary>
    public void Repaired(SimNode node)
    {
        var random = _world.Random;
        if (_isOver || !random.Chance(0.3))
            return;
        var other = random.Pick(_world.Nodes);
        if (other == node)
            return;
        other.IsHeldDown = true;
        _world.Queue.After(TimeSpan.FromMilliseconds(random.Between(0, 20)), () => other.Crash(random.Chance(0.5)));
        _world.Queue.After(TimeSpan.FromMilliseconds(random.Between(300, 1_500)), () => other.IsHeldDown = false);
    }

    /// <summary>A leader has begun: some do not get far, and leave the first record of their epoch on their own disk alone.</summary>
    public void Begun(SimNode node)
    {
        if (_isOver || !_world.Random.Chance(_shortLeaders))
            return;
        node.IsHeldDown = true;
        _world.Queue.After(TimeSpan.FromMilliseconds(_world.Random.Between(1, 40)), () => node.Crash(isPowerCut: false));
        _world.Queue.After(TimeSpan.FromMilliseconds(_world.Random.Between(50, 1_500)), () => node.IsHeldDown = false);
    }

    private void Next() => _world.Queue.After(_world.Random.Between(TimeSpan.FromMilliseconds(10), _pace * 2), () =>
    {
        if (_isOver)
            return;
        _world.Random.Pick(_kinds)();
        Next();
    });

    private SimNode AnyNode() => _world.Random.Pick(_world.Nodes);

    private TimeSpan Soon(int most) => TimeSpan.FromMilliseconds(_world.Random.Between(5, most));

    private void Later(int most, Action happens) => _world.Queue.After(Soon(most), () =>
    {
        if (!_isOver)
            happens();
    });

    private void Weather() => _world.Network.Faults = _world.Random.Chance(0.2) ? LinkFaults.None : LinkFaults.Draw(_world.Random);

    private void Crash() => AnyNode().Crash(isPowerCut: false);

    private void PowerCut() => AnyNode().Crash(isPowerCut: true);

    private void RestartAll()
    {
        var isPowerCut = _world.Random.Chance(0.6);
        foreach (var node in _world.Nodes)
            node.Crash(isPowerCut);
    }

    private void Pause()
    {
        var node = AnyNode();
        node.Pause();
        Later(1_500, node.Resume);
    }

    // Longer than the others keep the log for it.
    private void StayAway()
    {
        var node = AnyNode();
        node.IsHeldDown = true;
        node.Crash(_world.Random.Chance(0.5));
        Later(4_000, () => node.IsHeldDown = false);
    }

    private void Isolate()
    {
        var node = AnyNode();
        foreach (var other in _world.Nodes)
            Cut(node, other, both: true);
    }

    private void CutOneWay() => Cut(AnyNode(), AnyNode(), both: _world.Random.Chance(0.3));

    private void Cut(SimNode from, SimNode to, bool both)
    {
        if (from == to)
            return;
        Set(true);
        Later(2_000, () => Set(false));

        void Set(bool isCut)
        {
            _world.Network.Cut(from.Index, to.Index, isCut);
            if (both)
                _world.Network.Cut(to.Index, from.Index, isCut);
        }
    }

    // The one before goes on for a while: two at once are normal.
    private void MoveCoordinator()
    {
        var before = _world.Nodes.Where(node => node.Coordinator is not null).ToList();
        AnyNode().Coordinate();
        if (before.Count > 0)
            Later(2_000, before[0].EndCoordinator);
    }

    private void HandOver() => _world.Nodes.FirstOrDefault(node => node.Coordinator is not null)?.Coordinator!.HandOver(AnyNode().Id);

    // The failure detector is wrong about somebody.
    private void DoubtNode()
    {
        var doubted = AnyNode().Id;
        Tell(isReachable: false);
        Later(1_000, () => Tell(isReachable: true));

        void Tell(bool isReachable)
        {
            foreach (var node in _world.Nodes)
                node.Coordinator?.OnReachability(doubted, isReachable);
        }
    }

    private void LoseDisk()
    {
        var node = AnyNode();
        var lost = _world.Nodes.Count(other => other != node && (other.IsExcused || other.IsDamaged));
        if (lost + 1 > (_world.Nodes.Count - 1) / 2)
            return;

        // By turns, so that no seed draws anything else than before there were two ways.
        if (_world.Counters.LostDisks > _world.Counters.LostReplicas && node.HasReplicaOnDisk)
            node.LoseReplica();
        else
            node.LoseDisk();
    }

    private void FailSync() => AnyNode().Replica?.FailNextSync();

    private void EndInDiskCall() => AnyNode().Replica?.EndAfter(_world.Random.Below(30));

    private void FlipBit() => Flips.Flip(AnyNode());
}
