namespace BitArk.Simulation.Clients;

/// <summary>One write with content that no other has: its first operation marks its id in a read set that nobody unmarks.</summary>
/// <param name="Id">Counted from 1.</param>
/// <param name="Session">Of the client.</param>
/// <param name="Sequence">Of the session.</param>
/// <param name="Operations">The marks and unmarks.</param>
internal sealed record ClientWrite(long Id, SessionId Session, long Sequence, MarkOperation[] Operations);
