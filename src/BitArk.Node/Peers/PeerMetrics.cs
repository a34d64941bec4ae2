using System.Diagnostics.Metrics;
using BitArk.Node.Metrics;

namespace BitArk.Node.Peers;

/// <summary>What goes between nodes beside Akka.Remote.</summary>
internal sealed class PeerMetrics
{
    private readonly Counter<long> _forwarded;
    private readonly Counter<long> _foreign;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;

    public PeerMetrics(BitArkMetrics metrics)
    {
        _forwarded = metrics.Meter.CreateCounter<long>("bitark.peer.forwarded", description: "Calls sent on to another node, by kind (write, read, export, digest), node and outcome (ok, or the gRPC status).");
        _foreign = metrics.Meter.CreateCounter<long>("bitark.peer.foreign", description: "Calls of nodes of another cluster, refused.");
        _sent = metrics.Meter.CreateCounter<long>("bitark.peer.snapshot.sent", unit: "By", description: "Bytes of snapshots sent to replicas that fetch them.");
        _received = metrics.Meter.CreateCounter<long>("bitark.peer.snapshot.received", unit: "By", description: "Bytes of snapshots fetched, by whether they were sound.");
    }

    /// <summary>A call was sent on and came back, or did not.</summary>
    public void Forwarded(string kind, NodeId to, string outcome) =>
        _forwarded.Add(1, new("kind", kind), new("node", to.Name), new("outcome", outcome));

    /// <summary>A call of another cluster was refused.</summary>
    public void Foreign() => _foreign.Add(1);

    /// <summary>A piece of a snapshot left.</summary>
    public void SnapshotSent(int bytes) => _sent.Add(bytes);

    /// <summary>A piece of a snapshot came.</summary>
    public void SnapshotReceived(int bytes, bool isSound) => _received.Add(bytes, new KeyValuePair<string, object?>("sound", isSound));
}
