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
    private readonly DiskFlips _flips;
    private readonly List<Action> _kinds = [];
    private readonly TimeSpan _pace;
    private bool _isOver;

    public Nemesis(World world)
    {
        _world = world;
        _flips = new DiskFlips(world);
        var random = world.Random;
        Action[] all = [Crash, Crash, PowerCut, Pause, Isolate, CutOneWay, Weather, MoveLeadership, MoveLeadership, FailSync, EndInDiskCall, FlipBit, StayAway, RestartAll];
        foreach (var kind in all)
        {
            if (random.Chance(0.7))
                _kinds.Add(kind);
        }

        if (_kinds.Count == 0)
            _kinds.Add(Crash);
        _pace = TimeSpan.FromMilliseconds(random.Between(40, 600));
        RecoveryCrash = random.Chance(0.3) ? random.NextDouble() * 0.3 : 0;
    }

    /// <summary>How often a recovery is ended in the middle.</summary>
    public double RecoveryCrash { get; private set; }

    /// <summary>Lets it begin.</summary>
    public void Begin()
    {
        Weather();
        Next();
    }

    /// <summary>No more faults, and none that lasts.</summary>
    public void End()
    {
        _isOver = true;
        RecoveryCrash = 0;
        _world.Network.Faults = LinkFaults.None;
        _world.Network.Mend();
        foreach (var node in _world.Nodes)
            node.Resume();
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

    private void MoveLeadership() => _world.Configure(AnyNode());

    private void FailSync() => AnyNode().Replica?.FailNextSync();

    private void EndInDiskCall() => AnyNode().Replica?.EndAfter(_world.Random.Below(30));

    private void FlipBit() => _flips.Flip(AnyNode());
}
