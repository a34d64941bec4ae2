using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Faults.Scenarios;

/// <summary>
/// What a run is about. Most are about everything, with faults drawn one by one; but some bugs need several at the right moments, and
/// pure chance brings these together too rarely. A scenario brings about the kind of situation, and leaves the rest to chance.
/// </summary>
internal abstract class Scenario(World world)
{
    /// <summary>How likely each of the usual kinds of faults is in such a run.</summary>
    public virtual double KindChance => 0.7;

    /// <summary>How many times rarer the usual faults are.</summary>
    public virtual int Rarer => 1;

    /// <summary>The run.</summary>
    protected World World { get; } = world;

    /// <summary>Whether faults are over.</summary>
    protected bool IsOver => World.IsHealing;

    /// <summary>Which: two seeds of ten have one, in turn, so the others draw what they drew before there were any.</summary>
    public static Scenario Of(long seed, World world) =>
        (seed % 20) switch
        {
            4 => new SlowEchoes(world),
            5 => new SlowSyncs(world),
            14 => new ShortReigns(world),
            15 => new RottenOffers(world),
            _ => new Everything(world),
        };

    /// <summary>The cluster's settings, such that it can happen.</summary>
    public virtual SimSettings Bend(SimSettings drawn) => drawn;

    /// <summary>Faults begin.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>A replica has begun to lead.</summary>
    public virtual void Begun(SimNode leader)
    {
    }

    /// <summary>More of a leader's log is on a follower's disk.</summary>
    public virtual void Advanced(SimNode leader)
    {
    }

    /// <summary>A leader has offered a snapshot.</summary>
    public virtual void Offered(SimNode leader, Lsn snapshot)
    {
    }

    /// <summary>Again and again while there are faults.</summary>
    protected void Repeat(int least, int most, Action happens) => Later(least, most, () =>
    {
        happens();
        Repeat(least, most, happens);
    });

    /// <summary>Once, in so many milliseconds, unless faults are over by then.</summary>
    protected void Later(int least, int most, Action happens) => World.Queue.After(Milliseconds(least, most), () =>
    {
        if (!IsOver)
            happens();
    });

    /// <summary>A time.</summary>
    protected TimeSpan Milliseconds(int least, int most) => World.Random.Between(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));

    /// <summary>Who serves, in the newest epoch; null: nobody does.</summary>
    protected SimNode? Leader() => World.Nodes.Where(node => node.Replica is { IsServing: true }).MaxBy(node => node.Replica!.LeadingEpoch);

    /// <summary>The others, in any order.</summary>
    protected List<SimNode> OthersThan(SimNode node) => [.. World.Nodes.Where(other => other != node).OrderBy(_ => World.Random.NextBits())];

    /// <summary>Ends a process, and lets it begin again only after a while.</summary>
    protected void Fell(SimNode node, int least, int most)
    {
        node.IsHeldDown = true;
        node.Crash(isPowerCut: false);
        World.Queue.After(Milliseconds(least, most), () =>
        {
            node.IsHeldDown = false;
            if (node.Replica is null)
                node.Start();
        });
    }
}
