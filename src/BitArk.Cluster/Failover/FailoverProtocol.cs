using Akka.Actor;

namespace BitArk.Cluster.Failover;

/// <summary>What the coordinator and the ReplicaReporter hear inside their node.</summary>
internal static class FailoverProtocol
{
    /// <summary>The ReplicaReporter's name below <c>/user</c>, on every node.</summary>
    public const string ReporterName = "bitark-replicas";

    /// <summary>The name below <c>/user</c> of the manager that moves the coordinator.</summary>
    public const string ManagerName = "bitark-failover";

    /// <summary>The coordinator's name below its manager.</summary>
    public const string CoordinatorName = "coordinator";

    /// <summary>Timer: look at the clock.</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>Timer: say hello to every node.</summary>
    public sealed record Greet : INoSerializationVerificationNeeded
    {
        public static readonly Greet Instance = new();
    }

    /// <summary>A replica's signal to the ReplicaReporter: its report may have changed.</summary>
    public sealed record Changed(int Index) : INoSerializationVerificationNeeded;

    /// <summary>The ReplicaReporter to itself, behind the changes that wait in its mailbox: report them all at once.</summary>
    public sealed record ReportNow : INoSerializationVerificationNeeded
    {
        public static readonly ReportNow Instance = new();
    }

    /// <summary>Node to its ReplicaReporter: from now on this node wants to lead nothing. Not answered; may be repeated.</summary>
    public sealed record Leave : INoSerializationVerificationNeeded
    {
        public static readonly Leave Instance = new();
    }
}
