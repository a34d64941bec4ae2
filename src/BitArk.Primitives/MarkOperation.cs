namespace BitArk;

/// <summary>What an operation does to its range of message ids.</summary>
public enum OperationKind : byte
{
    /// <summary>Adds the range to the read set.</summary>
    Mark = 0,

    /// <summary>Removes the range from the read set.</summary>
    Unmark = 1,
}

/// <summary>Adds or removes one range of message ids in one read set: the unit that the log carries and the ReadTable applies.</summary>
/// <param name="Kind">Mark or unmark.</param>
/// <param name="Namespace">The business the read set belongs to.</param>
/// <param name="User">Key of the read set, first half.</param>
/// <param name="Channel">Key of the read set, second half.</param>
/// <param name="Range">The message ids.</param>
public readonly record struct MarkOperation(OperationKind Kind, NamespaceId Namespace, UserId User, ChannelId Channel, MessageRange Range);
