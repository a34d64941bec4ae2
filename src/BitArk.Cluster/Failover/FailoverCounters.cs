using System.Diagnostics.Metrics;
using BitArk.Replication.Failover;

namespace BitArk.Cluster.Failover;

/// <summary>What coordinators of this process did. Counted where the coordinator runs: sum over all nodes. Any thread.</summary>
public static class FailoverCounters
{
    /// <summary>The meter that publishes them.</summary>
    public const string MeterName = "BitArk.Failover";

    private static readonly (FailoverReason Reason, string Name)[] Names =
    [
        (FailoverReason.NoLeader, "no_leader"),
        (FailoverReason.LeaderAway, "leader_away"),
        (FailoverReason.LeaderStuck, "leader_stuck"),
        (FailoverReason.HandOver, "hand_over"),
    ];

    private static readonly long[] Counts = new long[Enum.GetValues<FailoverReason>().Length];
    private static readonly Meter Meter = new(MeterName);
    private static int _coordinators;

    static FailoverCounters()
    {
        Meter.CreateObservableCounter(
            "bitark.failovers",
            static () => Names.Select(name => new Measurement<long>(Of(name.Reason), new KeyValuePair<string, object?>("reason", name.Name))),
            description: "New leaders that came to serve, by why they were looked for; counted by the coordinator.");
        Meter.CreateObservableGauge("bitark.coordinating", static () => Volatile.Read(ref _coordinators), description: "1 while this node coordinates the leaderships.");
    }

    /// <summary>How many new leaders came to serve, looked for that reason, since the process began.</summary>
    public static long Of(FailoverReason reason) => Volatile.Read(ref Counts[(int)reason]);

    /// <summary>Lets the meter show zeros before anything is counted.</summary>
    internal static void Publish() => _ = Meter;

    internal static void Count(FailoverReason reason) => Interlocked.Increment(ref Counts[(int)reason]);

    internal static void Began() => Interlocked.Increment(ref _coordinators);

    internal static void Ended() => Interlocked.Decrement(ref _coordinators);
}
