using Akka.Actor;
using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Membership;

/// <summary>What the MembershipActor hears and says inside its node.</summary>
internal static class MembershipProtocol
{
    /// <summary>The name of the actor below <c>/user</c>, on every node.</summary>
    public const string ActorName = "bitark-membership";

    /// <summary>Node or CreationActor to MembershipActor: <see cref="OwnFacts"/> changed, tell the others. May be repeated.</summary>
    public sealed record Announce : INoSerializationVerificationNeeded
    {
        public static readonly Announce Instance = new();
    }

    /// <summary>MembershipActor to CreationActor, at every change and every second: what the reachable others have told.</summary>
    public sealed record Peers(IReadOnlyList<NodeFacts> Facts, bool HasJoined) : INoSerializationVerificationNeeded;

    /// <summary>Timer.</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
