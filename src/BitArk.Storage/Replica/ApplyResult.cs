using BitArk.Storage.Sessions;

namespace BitArk.Storage.Replica;

/// <summary>What applying one record of marks did.</summary>
/// <param name="Decision">Applied, answered from memory, or expired.</param>
/// <param name="LowestSequence">With <see cref="SessionDecision.Expired"/>: the lowest sequence of the session that is still decided.</param>
/// <param name="RefusedOperation">The first operation that changed nothing because its read set would be too scattered; -1 when there is none.</param>
public readonly record struct ApplyResult(SessionDecision Decision, long LowestSequence, int RefusedOperation = -1);
