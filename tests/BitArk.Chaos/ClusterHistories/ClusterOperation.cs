using BitArk.Chaos.Histories;
using BitArk.Protocol;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>
/// What one client asked of a cluster and was told, in one partition. Closed union. <see cref="Invoke"/> and <see cref="Return"/> are readings
/// of one monotonic clock shared by all clients: before the first try was sent, and after the last answer came.
/// </summary>
internal abstract record ClusterOperation
{
    private ClusterOperation()
    {
    }

    /// <summary>Who asked: one client asks one thing at a time.</summary>
    public required int Client { get; init; }

    /// <summary>When it was first sent.</summary>
    public required long Invoke { get; init; }

    /// <summary>When the last answer came.</summary>
    public required long Return { get; init; }

    /// <summary>What is known of it.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>What the request said that the client had seen of the partition; null: nothing.</summary>
    public TokenEntry? Sent { get; init; }

    /// <summary>The partition's entry in the answer's token; null without an acknowledgement.</summary>
    public TokenEntry? Token { get; init; }

    /// <summary>The node that answered last, or was asked.</summary>
    public string Node { get; init; } = "";

    /// <summary>Why it was not acknowledged.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Marks and unmarks that are one record.</summary>
    /// <param name="Operations">In order; at most one for each read set.</param>
    /// <param name="Session">The exactly-once session; 0: none, and the first operation is one that nobody sends twice.</param>
    /// <param name="Sequence">The session's number of it.</param>
    /// <param name="Changed">How many ids each changed, by the answer.</param>
    public sealed record Write(IReadOnlyList<MarkOperation> Operations, long Session, long Sequence, IReadOnlyList<long> Changed) : ClusterOperation
    {
        /// <summary>What it is found in the log by.</summary>
        public WriteIdentity Identity => WriteIdentity.Of(Session, Sequence, Operations);

        /// <inheritdoc/>
        public override string ToString() => $"{base.ToString()} wrote {Identity}";
    }

    /// <summary>A look at some ids of one read set.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Messages">The ids.</param>
    /// <param name="Bits">Whether each was read; empty without an answer.</param>
    /// <param name="Consistency">What was asked for. What is not the leader's was answered by <see cref="Node"/> itself.</param>
    public sealed record Read(ReadSetKey Key, IReadOnlyList<long> Messages, IReadOnlyList<bool> Bits, Consistency Consistency) : ClusterOperation
    {
        /// <summary>Which process of the node answered; -1: it may have been either of two.</summary>
        public int Process { get; init; } = -1;

        /// <inheritdoc/>
        public override string ToString() => $"{base.ToString()} read {Consistency} {Key}";
    }

    /// <inheritdoc/>
    public override string ToString() => $"client {Client} at {Node} [{Invoke}, {Return}] {Outcome} {Say(Token)}";

    private static string Say(TokenEntry? token) => token is { } known ? $"{known.Epoch}@{known.Lsn}" : "";
}

/// <summary>What a client knows of what it asked.</summary>
internal enum Outcome
{
    /// <summary>Acknowledged.</summary>
    Ok,

    /// <summary>Refused, with the promise that nothing was written.</summary>
    Failed,

    /// <summary>No answer to at least one try: a write may be in the log or not, now or later.</summary>
    Unknown,
}
