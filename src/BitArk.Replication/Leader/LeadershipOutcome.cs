namespace BitArk.Replication.Leader;

/// <summary>Where a proposal stands.</summary>
public abstract record LeadershipOutcome
{
    private LeadershipOutcome()
    {
    }

    /// <summary>No majority yet: repeat the prepares that were not answered.</summary>
    public sealed record Waiting : LeadershipOutcome;

    /// <summary>A majority promised, and none of it has more: lead.</summary>
    public sealed record Won : LeadershipOutcome;

    /// <summary>A majority promised, and one of it has more: leading would lose that. Say so; try again in a new epoch.</summary>
    /// <param name="By">Who has the most.</param>
    /// <param name="Log">How far it reaches.</param>
    public sealed record Outvoted(NodeId By, LogEnd Log) : LeadershipOutcome;

    /// <summary>Somebody has promised that much: propose above it.</summary>
    /// <param name="Promised">The highest promise heard of.</param>
    public sealed record Refused(Epoch Promised) : LeadershipOutcome;
}
