using BitArk.Cluster;
using BitArk.Node.Requests;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Services;

// Moving a leadership by hand.
internal sealed partial class AdminService
{
    private async Task<TransferLeaderReply> TransferLeaderAsync(TransferLeaderRequest request, ServerCallContext context)
    {
        Require(Check.RequiredId(request.HasPartition, request.Partition, "partition") ?? Existing(request.Partition));
        var partition = node.Partitions[request.Partition];
        if (node.Leaderships is not { } leaderships)
        {
            throw ReadStatusError.Invalid(
                "node",
                $"leadership of partition {partition.Id} cannot move to '{Echo.Of(request.Node)}': {node.NodeName} holds its only replica").ToException();
        }

        // Only what can be a name is looked up.
        if (request.Node.Length == 0 || node.Directory?.Nodes.Any(known => known.Name.Name == request.Node) != true)
            throw ReadStatusError.Invalid("node", $"'{Echo.Of(request.Node)}' is not a node of this cluster").ToException();

        using var deadline = CallDeadline.Of(context, whenUnstated: null);
        var outcome = await WithinAsync(leaderships.TransferAsync(partition.Id, new NodeId(request.Node), deadline.Token), partition, "the transfer may go on").ConfigureAwait(false);
        if (outcome.Result == TransferResult.Done)
        {
            return new TransferLeaderReply
            {
                Epoch = outcome.Epoch.Value,
                Leader = outcome.Leader?.Name ?? "",
                UnavailableMicros = (long)outcome.Unavailable.TotalMicroseconds,
            };
        }

        throw Refusal(partition.Id, request.Node, outcome).ToException();
    }

    private static ReadStatusError Refusal(PartitionId partition, string wanted, TransferOutcome outcome)
    {
        var (reason, why) = outcome.Result switch
        {
            TransferResult.NoReplica => (ErrorReason.InvalidArgument, "it holds no replica of it"),
            TransferResult.NotFollowing => (ErrorReason.ReplicaBehind, "its replica is away, damaged, or catching up"),
            TransferResult.NotCaughtUp => (ErrorReason.ReplicaBehind, "its replica did not catch up in time, and the leader goes on"),
            TransferResult.Underway => (ErrorReason.NoLeader, "a leader is being looked for already, or another order is under way; try again"),
            TransferResult.AnotherLeads => (ErrorReason.NotLeader, "another replica has become the leader"),
            TransferResult.NoCoordinator => (ErrorReason.NoLeader, "no coordinator is known at the moment, or it did not answer; try again"),
            _ => (ErrorReason.NoLeader, "no majority of its replicas agreed in time; try again"),
        };
        var metadata = new Dictionary<string, string> { ["partition"] = partition.ToString() };
        if (reason == ErrorReason.InvalidArgument)
            metadata["field"] = "node";
        if (outcome.Leader is { } leader)
            (metadata["leader"], metadata["epoch"]) = (leader.Name, outcome.Epoch.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new ReadStatusError(reason, $"{wanted} does not lead partition {partition}: {why}.", metadata);
    }
}
