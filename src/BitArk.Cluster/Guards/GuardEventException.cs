namespace BitArk.Cluster.Guards;

/// <summary>What is in a guard's journal is not what a guard writes. Promises may be lost.</summary>
internal sealed class GuardEventException(string message) : IOException(message);
