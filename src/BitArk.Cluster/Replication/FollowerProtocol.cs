using Akka.Actor;

namespace BitArk.Cluster.Replication;

/// <summary>What the FollowerActor hears besides its leader's messages and the WalActor's answers. All local.</summary>
internal static class FollowerProtocol
{
    /// <summary>PartitionActor to FollowerActor, after the promise is durable and the log fenced: this epoch, led by that node; ask it. Null: nobody leads it yet.</summary>
    public sealed record NewTerm(Epoch Epoch, NodeId? Leader, Lsn WrittenLsn) : INoSerializationVerificationNeeded;

    /// <summary>Timer: retries and acks.</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>The transfer to FollowerActor: so much of the snapshot is durable here.</summary>
    public sealed record FetchProgress(long Attempt, double Fraction) : INoSerializationVerificationNeeded;

    /// <summary>The transfer to FollowerActor: the snapshot is here whole, verified.</summary>
    public sealed record Fetched(long Attempt) : INoSerializationVerificationNeeded;

    /// <summary>The transfer to FollowerActor: it cannot go on; what is durable of it stays for the next try.</summary>
    public sealed record FetchFailed(long Attempt, Exception Cause) : INoSerializationVerificationNeeded;
}
