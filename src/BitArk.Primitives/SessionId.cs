namespace BitArk;

/// <summary>A client's session for exactly-once writes, chosen by the client; 0 means "no session".</summary>
/// <param name="Value">The raw id, 0 … 2^63-2.</param>
public readonly record struct SessionId(long Value);
