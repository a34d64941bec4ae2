using System.Diagnostics.Metrics;

namespace BitArk.Cluster.Serialization;

/// <summary>Counts refused messages of this process; serializers are made by Akka, which hands them nothing of ours. Any thread.</summary>
public static class WireCounters
{
    /// <summary>The meter that publishes them.</summary>
    public const string MeterName = "BitArk.Wire";

    private static readonly long[] Refusals = new long[Enum.GetValues<WireRefusal>().Length];
    private static readonly Meter Meter = new(MeterName);

    static WireCounters() => Meter.CreateObservableCounter(
        "bitark_wire_refused_messages",
        static () => Enum.GetValues<WireRefusal>().Select(refusal => new Measurement<long>(Of(refusal), new KeyValuePair<string, object?>("reason", refusal.ToString()))),
        description: "Messages between nodes that were refused.");

    /// <summary>How many were refused for a reason since the process began.</summary>
    public static long Of(WireRefusal refusal) => Volatile.Read(ref Refusals[(int)refusal]);

    internal static void Count(WireRefusal refusal) => Interlocked.Increment(ref Refusals[(int)refusal]);
}
