namespace BitArk.Cluster;

/// <summary>A node cannot start with its data directory as it is. The message is one line for the operator; nothing was changed.</summary>
public sealed class NodeStartException(string message, Exception cause) : Exception(message, cause);
