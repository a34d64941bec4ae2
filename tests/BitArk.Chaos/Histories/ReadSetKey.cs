namespace BitArk.Chaos.Histories;

/// <summary>Names one read set of a node.</summary>
internal readonly record struct ReadSetKey(NamespaceId Namespace, UserId User, ChannelId Channel)
{
    /// <summary>The read set that an operation changes.</summary>
    public static ReadSetKey Of(in MarkOperation operation) => new(operation.Namespace, operation.User, operation.Channel);

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace.Value}:{User}:{Channel}";
}
