using BitArk.Replication.Failover;
using BitArk.Replication.Messages;
using CsCheck;

namespace BitArk.Replication.Tests.Messages;

/// <summary>One message of each type with telling fields, and random ones.</summary>
internal static class Samples
{
    private static readonly Guid Proposer = new("f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f");

    public static readonly Dictionary<string, ReplicationMessage> ByManifest = new()
    {
        ["pr"] = new Prepare(Known.Cluster, Known.Partition, new Epoch(9), Proposer, Known.A),
        ["pm"] = new Promise(Known.Cluster, Known.Partition, new Epoch(9), Proposer, Known.B, new Epoch(8), new Lsn(0x1F40), new RunningLease(TimeSpan.FromMilliseconds(750), new Epoch(7)), new Epoch(6)),
        ["px"] = new PrepareRefused(Known.Cluster, Known.Partition, new Epoch(9), Proposer, Known.B, new Epoch(10), true),
        ["pf"] = new PullFrom(Known.Cluster, Known.Partition, new Epoch(9), 0x0102030405060708, Known.B, new Epoch(8), new Lsn(0x1F40), true),
        ["sf"] = new StreamFrom(Known.Cluster, Known.Partition, new Epoch(9), 77, new Lsn(0x1F40), new Lsn(0x2F48)),
        ["tt"] = new TruncateTo(Known.Cluster, Known.Partition, new Epoch(9), 77, new Lsn(0x1F40), new Epoch(6)),
        ["fs"] = new NeedFullSync(Known.Cluster, Known.Partition, new Epoch(9), 77, new Lsn(0x1F40), 123456789, "127.0.0.1:7401"),
        ["we"] = new WrongEpoch(Known.Cluster, Known.Partition, new Epoch(9), 77, Known.C),
        ["rb"] = new ReplicateBatch(
            Known.Cluster, Known.Partition, new Epoch(9), new Lsn(0x1F40), new Epoch(8), new Lsn(0x1F00), new Lsn(0x40), new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }),
        ["hb"] = new Heartbeat(Known.Cluster, Known.Partition, new Epoch(9), 77, Known.A, new Lsn(0x2000), new Lsn(0x1F40), new Lsn(0x40), TimeSpan.FromSeconds(1)),
        ["ak"] = new Ack(
            Known.Cluster, Known.Partition, new Epoch(9), Known.B, new Lsn(0x1F40), new Lsn(0x1F00), 77, new Lsn(0x40), new Lsn(0x1000), 0.25, true, true),
        ["nk"] = new Nack(Known.Cluster, Known.Partition, new Epoch(9), Known.B, new Lsn(0x1F40), true),
        ["ld"] = new Lead(Known.Cluster, Known.Partition, new Epoch(9), Proposer, Known.B, TimeSpan.FromMilliseconds(750)),
        ["ho"] = new HandOver(Known.Cluster, Known.Partition, new Epoch(9), Known.C),
        ["hr"] = new HandOverReady(Known.Cluster, Known.Partition, new Epoch(9), Known.B, Known.C),
    };

    private static readonly Gen<Lsn> Lsns = Gen.Long[0, long.MaxValue].Select(value => new Lsn(value));
    private static readonly Gen<Epoch> Epochs = Gen.Long[0, long.MaxValue].Select(value => new Epoch(value));
    private static readonly Gen<NodeId> Nodes = Gen.String[Gen.Char["abzAZ059._-"], 1, 64].Select(name => new NodeId(name));
    private static readonly Gen<TimeSpan> Leases = Gen.Long[0, 120_000_000].Select(value => TimeSpan.FromMicroseconds(value));
    private static readonly Gen<(ClusterId Cluster, PartitionId Partition, Epoch Epoch)> Heads =
        Gen.Select(Gen.Guid, Gen.Int[0, int.MaxValue], Epochs, (cluster, partition, epoch) => (new ClusterId(cluster), new PartitionId(partition), epoch));

    public static readonly Gen<ReplicationMessage> Any = Gen.OneOf<ReplicationMessage>(
        Gen.Select(Heads, Gen.Guid, Nodes, (h, proposer, node) => (ReplicationMessage)new Prepare(h.Cluster, h.Partition, h.Epoch, proposer, node)),
        Gen.Select(Heads, Gen.Guid, Nodes, Epochs, Lsns, Leases, Gen.Select(Epochs, Epochs), (h, proposer, node, last, lsn, lease, of) =>
            (ReplicationMessage)new Promise(h.Cluster, h.Partition, h.Epoch, proposer, node, last, lsn, new RunningLease(lease, of.Item1), of.Item2)),
        Gen.Select(Heads, Gen.Guid, Nodes, Leases, (h, proposer, node, lease) =>
            (ReplicationMessage)new Lead(h.Cluster, h.Partition, h.Epoch, proposer, node, lease)),
        Gen.Select(Heads, Nodes, (h, to) => (ReplicationMessage)new HandOver(h.Cluster, h.Partition, h.Epoch, to)),
        Gen.Select(Heads, Nodes, Nodes, (h, node, to) => (ReplicationMessage)new HandOverReady(h.Cluster, h.Partition, h.Epoch, node, to)),
        Gen.Select(Heads, Gen.Guid, Nodes, Epochs, Gen.Bool, (h, proposer, node, promised, damaged) =>
            (ReplicationMessage)new PrepareRefused(h.Cluster, h.Partition, h.Epoch, proposer, node, promised, damaged)),
        Gen.Select(Heads, Gen.Long, Nodes, Epochs, Lsns, Gen.Bool, (h, nonce, node, last, lsn, damaged) =>
            (ReplicationMessage)new PullFrom(h.Cluster, h.Partition, h.Epoch, nonce, node, last, lsn, damaged)),
        Gen.Select(Heads, Gen.Long, Lsns, (h, nonce, lsn) => (ReplicationMessage)new StreamFrom(h.Cluster, h.Partition, h.Epoch, nonce, lsn, new Lsn(lsn.Value / 2))),
        Gen.Select(Heads, Gen.Long, Lsns, Epochs, (h, nonce, lsn, keep) => (ReplicationMessage)new TruncateTo(h.Cluster, h.Partition, h.Epoch, nonce, lsn, keep)),
        Gen.Select(Heads, Gen.Long, Lsns, Gen.Long[0, long.MaxValue], Gen.String[Gen.Char['!', '~'], 1, 255], (h, nonce, lsn, size, source) =>
            (ReplicationMessage)new NeedFullSync(h.Cluster, h.Partition, h.Epoch, nonce, lsn, size, source)),
        Gen.Select(Heads, Gen.Long, Nodes, Gen.Bool, (h, nonce, node, isKnown) =>
            (ReplicationMessage)new WrongEpoch(h.Cluster, h.Partition, h.Epoch, nonce, isKnown ? node : null)),
        Gen.Select(Heads, Gen.Long, Nodes, Gen.Select(Lsns, Lsns, Lsns), Leases, (h, nonce, node, lsns, lease) =>
            (ReplicationMessage)new Heartbeat(h.Cluster, h.Partition, h.Epoch, nonce, node, lsns.Item1, lsns.Item2, lsns.Item3, lease)),
        Gen.Select(Heads, Nodes, Gen.Select(Gen.Bool, Lsns, Lsns, Lsns, Lsns), Gen.Long, Gen.Double[-1, 1], Gen.Select(Gen.Bool, Gen.Bool), (h, node, lsns, nonce, progress, flags) =>
            (ReplicationMessage)new Ack(
                h.Cluster, h.Partition, h.Epoch, node, lsns.Item1 ? lsns.Item2 : null, lsns.Item3, nonce, lsns.Item4, lsns.Item5, progress, flags.Item1, flags.Item2)),
        Gen.Select(Heads, Nodes, Lsns, Gen.Bool, (h, node, lsn, damaged) => (ReplicationMessage)new Nack(h.Cluster, h.Partition, h.Epoch, node, lsn, damaged)));

    public static readonly Gen<ReplicateBatch> Batches = Gen.Select(Heads, Lsns, Epochs, Lsns, Lsns, Gen.Byte.Array[0, 300], (h, start, previous, commit, floor, bytes) =>
        new ReplicateBatch(h.Cluster, h.Partition, h.Epoch, start, previous, commit, floor, bytes));

    public static byte[] Bytes(ReplicationMessage message)
    {
        var bytes = new byte[ReplicationCodec.SizeOf(message)];
        ReplicationCodec.Write(message, bytes);
        return bytes;
    }
}
