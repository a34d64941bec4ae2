namespace BitArk.Chaos.ClusterHistories;

/// <summary>What a write is found in the log by: its session and sequence, or, without a session, its first operation, which is never sent twice.</summary>
internal readonly record struct WriteIdentity(long Session, long Sequence, MarkOperation First)
{
    /// <summary>That of a write or of a record.</summary>
    public static WriteIdentity Of(long session, long sequence, IReadOnlyList<MarkOperation> operations) =>
        session != 0 ? new WriteIdentity(session, sequence, default) : new WriteIdentity(0, 0, operations[0]);

    /// <inheritdoc/>
    public override string ToString() =>
        Session != 0 ? $"session {Session} sequence {Sequence}" : $"{First.Kind} {First.User}:{First.Channel} {First.Range.From}-{First.Range.To}";
}
