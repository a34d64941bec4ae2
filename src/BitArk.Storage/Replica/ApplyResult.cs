using BitArk.Storage.Sessions;

namespace BitArk.Storage.Replica;

/// <summary>What applying one record of marks did.</summary>
/// <param name="Decision">Applied, answered from memory, or expired.</param>
/// <param name="LowestSequence">With <see cref="SessionDecision.Expired"/>: the lowest sequence of the session that is still decided.</param>
public readonly record struct ApplyResult(SessionDecision Decision, long LowestSequence);
