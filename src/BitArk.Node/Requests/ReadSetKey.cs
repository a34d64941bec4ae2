namespace BitArk.Node.Requests;

/// <summary>One read set, as a validated request names it.</summary>
internal readonly record struct ReadSetKey(NamespaceId Namespace, UserId User, ChannelId Channel);
