using System.Globalization;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;

namespace BitArk.Benchmarks.Replicated;

/// <summary>How one node of a measurement is started: as shipped, but for its ports, its directory and what the measurement says.</summary>
/// <param name="Name">Its name; the lowest leads.</param>
/// <param name="Settings">What it is told.</param>
/// <param name="GrpcPort">Where clients reach it.</param>
internal sealed record NodePlan(string Name, NodeSettings Settings, int GrpcPort)
{
    /// <summary>Automatic snapshots out of reach, so that none runs beside what is measured and none lets the log go.</summary>
    public static readonly IReadOnlyList<string> NoSnapshots =
        ["bitark.snapshot.every=365d", "bitark.snapshot.every-bytes=1TiB", "bitark.gc.max-lag-bytes=1TiB", "bitark.gc.max-lag-time=365d"];

    /// <summary>A cluster of that many nodes with a replica of its one partition on each; one is a node that is alone.</summary>
    public static NodePlan[] Of(int nodes, ScratchDirectory scratch, params IReadOnlyList<string> more)
    {
        var ports = FreePorts.Take(2 * nodes);
        var seeds = string.Join(", ", ports.Take(nodes).Select(port => string.Create(CultureInfo.InvariantCulture, $"\"127.0.0.1:{port}\"")));
        string[] cluster = nodes == 1 ? [] :
        [
            $"bitark.replication-factor={nodes}",
            $"bitark.cluster.expected-nodes={nodes}",
            $"bitark.cluster.seed-nodes=[{seeds}]",
        ];
        return [.. Enumerable.Range(0, nodes).Select(i => new NodePlan(
            $"node{i + 1}",
            new NodeSettings
            {
                DataDirectory = scratch.At($"{(nodes == 1 ? "alone" : "node")}{i + 1}"),
                Partitions = 1,
                SegmentBytes = 64 << 20,
                SnapshotEveryBytes = 256 << 20,
                DiskFloorBytes = 256 << 20,
                More =
                [
                    $"bitark.node-name=node{i + 1}",
                    $"bitark.grpc.port={ports[nodes + i]}",
                    $"akka.remote.dot-netty.tcp.port={ports[i]}",
                    .. cluster,
                    .. more,
                ],
            },
            ports[nodes + i]))];
    }

    /// <summary>The node as a process that is not started yet.</summary>
    public Member ToMember(string binary) => new(binary, Name, Settings, new Uri($"http://127.0.0.1:{GrpcPort}"));
}
