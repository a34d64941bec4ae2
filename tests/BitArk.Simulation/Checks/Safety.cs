using BitArk.Simulation.Replicas;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Checks;

/// <summary>What must hold at every moment, whatever goes wrong. Each rule is a class of its own; the first that does not hold ends the run.</summary>
internal sealed class Safety
{
    private readonly World _world;

    public Safety(World world)
    {
        _world = world;
        Committed = new CommittedLog(new LogGeometry(SimSettings.SegmentBytes));
        Prefix = new PrefixCheck(Committed, world.Nodes);
        Leadership = new LeadershipCheck(Committed, Prefix);
        Acknowledgements = new AcknowledgementCheck(Committed);
        Retention = new RetentionCheck(world);
        Memory = new MemoryCheck(Committed);
    }

    public CommittedLog Committed { get; }

    public PrefixCheck Prefix { get; }

    public LeadershipCheck Leadership { get; }

    public AcknowledgementCheck Acknowledgements { get; }

    public RetentionCheck Retention { get; }

    public MemoryCheck Memory { get; }

    public ReadCheck Reads { get; } = new();

    /// <summary>After every event.</summary>
    public void AfterStep()
    {
        foreach (var node in _world.Nodes)
            Look(node);
    }

    /// <summary>After a change in one node that others might act on within the same event.</summary>
    public void Look(SimNode node)
    {
        Prefix.Look(node);
        MemoryCheck.RequirePositions(node);
    }
}
