using System.Globalization;
using BitArk.Cli.Terminal;
using BitArk.Cluster;
using BitArk.Cluster.Creation;
using BitArk.Replication;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cli.Recovery;

/// <summary>
/// One run of the command over the partitions of a node. Nothing is changed before every partition asked for was found usable, and the
/// audit's line is durable before the first of them is touched.
/// </summary>
internal sealed class NodeRecovery(StoppedNode node, IDisk disk, TimeProvider time, TextWriter output)
{
    /// <summary>Looks, says, and if it was ordered does.</summary>
    /// <exception cref="CliException">There is nothing here that could be recovered.</exception>
    public ExitCode Run(RecoveryOrder order)
    {
        var layout = StoredLayout.Read(node.Layout, disk)
            ?? throw CliException.Usage($"{node.Layout.Root}: it is of a node alone, or of none of a cluster: there are no other copies whose loss could be accepted");
        var copies = Hosted(layout, order.Partition).Select(id => CopyInspection.Run(node.Layout, node.Meta, id, disk)).ToList();
        foreach (var copy in copies)
            Say(copy, layout);

        if (copies.Where(copy => !IsUsable(copy, order)).ToList() is { Count: > 0 } unusable)
        {
            var others = copies.Count > unusable.Count ? " To recover only the others, name each with --partition." : "";
            output.WriteLine($"Nothing was changed: partition {string.Join(", ", unusable.Select(copy => copy.Partition))} cannot become the truth here.{others}");
            return ExitCode.DamageFound;
        }

        if (!order.AcceptsLoss)
        {
            output.WriteLine("Nothing was changed. To make this copy the truth, run this again with --accept-loss.");
            return ExitCode.Fine;
        }

        Accept(copies, layout, order);
        return ExitCode.Fine;
    }

    private List<PartitionId> Hosted(ClusterLayout layout, int? only)
    {
        var self = new NodeId(node.Meta.Settings.NodeName);
        var hosted = Enumerable.Range(0, layout.Terms.Partitions).Select(i => new PartitionId(i))
            .Where(id => layout.Hosts(self, id) && layout.ReplicasOf(id).Members.Count > 1 && (only is null || id.Value == only)).ToList();
        return hosted.Count > 0
            ? hosted
            : throw CliException.Usage(only is null
                ? $"{node.Layout.Root}: node {self} has no replica of several"
                : $"{node.Layout.Root}: node {self} has no replica of several of partition {only}");
    }

    private void Accept(List<CopyFinding> copies, ClusterLayout layout, RecoveryOrder order)
    {
        var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        RecoveryAudit.Append(node.Layout, [.. copies.Select(copy => $"{now} {Audit(copy, layout, order)}")], disk);
        foreach (var copy in copies)
        {
            var epoch = LossAcceptance.Accept(node.Layout, node.Meta, copy, order.AcceptsDamage, disk);
            output.WriteLine($"partition {copy.Partition} RECOVERED: this copy is the truth, and is led above {epoch}");
        }

        output.WriteLine($"Recorded in {node.Layout.RecoveryAuditPath}. Now start this node, and the others with empty directories or with those in which damage was found; do not start another copy that has a vote of its own.");
        output.WriteLine("Writes and LEADER reads are served again when one more replica has caught up.");
    }

    private void Say(CopyFinding copy, ClusterLayout layout)
    {
        if (copy.State is CopyState.Unusable unusable)
        {
            output.WriteLine($"partition {copy.Partition} UNUSABLE: {unusable.Reason}");
            return;
        }

        var others = Others(copy, layout);
        output.WriteLine($"partition {copy.Partition} {(copy.State is CopyState.Suspect ? "SUSPECT" : "SOUND")} epoch={copy.LastEpoch} written={At(copy, copy.WrittenLsn)} commit={At(copy, copy.CommitLsn)} others={others}");
        if (copy.State is CopyState.Suspect)
            output.WriteLine($"partition {copy.Partition}   an earlier run found that bytes of it are bad; now every byte reads well. Only with --accept-damage");
        if (copy.LostPromises.Length > 0)
            output.WriteLine($"partition {copy.Partition}   it has lost what it promised ({copy.LostPromises}); its data is not touched by that");
        if (copy.IsRejoining)
            output.WriteLine($"partition {copy.Partition}   it was still catching up: it may lack what it acknowledged itself before it was repaired. A copy with a vote has more");
        if (copy.Accepted is { } earlier)
            output.WriteLine($"partition {copy.Partition}   a loss was accepted here before, and is not over{(earlier.Admitted.Count > 0 ? $"; since then {string.Join(", ", earlier.Admitted)} may have come to vote, and may have writes that were acknowledged" : "")}");
        output.WriteLine($"partition {copy.Partition}   may be lost: everything acknowledged after {At(copy, copy.WrittenLsn)} by {others} without this copy, which it cannot know of; and any later epoch that they led. Tokens and sessions of that are answered with TOKEN_LOST");
        output.WriteLine($"partition {copy.Partition}   may come back: writes between {At(copy, copy.CommitLsn)} and {At(copy, copy.WrittenLsn)} whose callers were told that the outcome is unknown");
    }

    private string Audit(CopyFinding copy, ClusterLayout layout, RecoveryOrder order) =>
        $"cluster={layout.ClusterId} partition={copy.Partition} epoch={copy.LastEpoch} written={At(copy, copy.WrittenLsn)} commit={At(copy, copy.CommitLsn)}: "
        + $"the loss of the copies on {Others(copy, layout)} was accepted by {Environment.UserName} with 'bitark recover --accept-loss{(order.AcceptsDamage ? " --accept-damage" : "")}'; this copy is the truth from here on";

    private static bool IsUsable(CopyFinding copy, RecoveryOrder order) =>
        copy.State is CopyState.Sound || (copy.State is CopyState.Suspect && (order.AcceptsDamage || !order.AcceptsLoss));

    private string Others(CopyFinding copy, ClusterLayout layout) =>
        string.Join(",", layout.ReplicasOf(copy.Partition).Members.Where(member => member.Name != node.Meta.Settings.NodeName));

    private static string At(CopyFinding copy, Lsn lsn) => lsn.Format(copy.SegmentBytes);
}
