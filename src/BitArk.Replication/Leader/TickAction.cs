namespace BitArk.Replication.Leader;

/// <summary>What a tick found due.</summary>
public enum TickAction
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What was in flight has waited too long and will be sent again: ask for the next shipment.</summary>
    Ship = 1,

    /// <summary>The log it needs is gone and it may not know: send <see cref="Messages.WrongEpoch"/> with nonce 0 and the leader's own epoch, which makes it ask.</summary>
    AskToPull = 2,
}
