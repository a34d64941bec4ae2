using BitArk.Simulation.Engine;
using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Checks;

/// <summary>A leader's read sees every write that was acknowledged, by whomever, before the read began.</summary>
internal sealed class ReadCheck
{
    /// <summary>Reads answered.</summary>
    public long Count { get; private set; }

    /// <summary>A read was answered.</summary>
    /// <param name="node">By whom.</param>
    /// <param name="epoch">As the leader of which epoch.</param>
    /// <param name="seen">What was applied when it looked.</param>
    /// <param name="needed">The end of the latest write acknowledged before it began.</param>
    public void Answered(SimNode node, Epoch epoch, Lsn seen, Lsn needed)
    {
        Count++;
        if (seen < needed)
            throw new ViolationException("stale-read", $"{node} answered a read in {epoch} as of {seen}, but {needed} was acknowledged before it began");
    }
}
