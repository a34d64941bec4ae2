using Akka.Actor;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Guards;

/// <summary>Between a PartitionActor and the EpochGuardActor of its replica. All local.</summary>
internal static class GuardProtocol
{
    /// <summary>PartitionActor to guard: what have you? Answered with <see cref="Recovered"/> once the journal is read; may be repeated.</summary>
    public sealed record Recall(long Attempt) : INoSerializationVerificationNeeded;

    /// <summary>Guard to PartitionActor: the newest promise in the journal; null: there is none.</summary>
    public sealed record Recovered(long Attempt, EpochPromise? Promise) : INoSerializationVerificationNeeded;

    /// <summary>
    /// PartitionActor to guard: make it durable. Answered with <see cref="Promised"/>, or <see cref="Failed"/> for good. Not below what
    /// was promised before; the same again is answered without I/O.
    /// </summary>
    public sealed record Promise(long Attempt, Epoch Epoch, Guid Proposer) : INoSerializationVerificationNeeded;

    /// <summary>Guard to PartitionActor: the promise is durable in the journal.</summary>
    public sealed record Promised(long Attempt) : INoSerializationVerificationNeeded;

    /// <summary>Guard to PartitionActor, once: it has ended.</summary>
    /// <param name="Reason">What failed, for the operator.</param>
    /// <param name="IsDamage">The journal could be read, and what is in it is bad: its promises are lost. Otherwise whether a promise is durable is unknown.</param>
    public sealed record Failed(string Reason, bool IsDamage) : INoSerializationVerificationNeeded;
}
