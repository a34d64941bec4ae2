using Akka.Event;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Failover;

// What an operator reads: once when it begins, once when it ends, and what it waits for while it lasts.
internal sealed partial class FailoverCoordinator
{
    private static readonly TimeSpan ComplainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ComplainEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<PartitionId, Told> _told = [];

    private void TellState(PartitionFailover partition)
    {
        var told = ToldOf(partition);
        if (told.Reason != partition.Reason)
        {
            told.Reason = partition.Reason;
            if (Reasoned(partition) is { } reason)
                _logger.Info("Partition {0} needs a leader: {1}.", partition.Partition, reason);
        }

        if (partition.Reason == FailoverReason.None || partition.Underway is not null || partition.Voters >= partition.Replicas.Majority)
        {
            told.ComplainAt = Now + ComplainAfter;
        }
        else if (Now >= told.ComplainAt)
        {
            told.ComplainAt = Now + ComplainEvery;
            _logger.Warning(
                "Partition {0} waits for a leader: {1} of its {2} replicas can vote, {3} are needed. Away, silent or without a vote: {4}.",
                partition.Partition,
                partition.Voters,
                partition.Replicas.Members.Count,
                partition.Replicas.Majority,
                string.Join(", ", partition.CannotVote(Now)));
        }
    }

    private void TellPropose(PartitionFailover partition, FailoverCommand.Propose propose)
    {
        var told = ToldOf(partition);
        if (told.Proposed == propose.Epoch)
            return;
        told.Proposed = propose.Epoch;
        _logger.Info("Partition {0}: proposes {1} to {2}.", partition.Partition, propose.Epoch, string.Join(", ", propose.To));
    }

    private void TellRefused(PartitionFailover partition, PrepareRefused refused) =>
        _logger.Info(
            refused.IsDamaged ? "Partition {0}: {1} has no vote at the moment." : "Partition {0}: {1} refused {2}, it has promised {3}.",
            partition.Partition,
            refused.From,
            refused.Epoch,
            refused.Promised);

    private void TellAppoint(PartitionFailover partition, FailoverCommand.Appoint appoint)
    {
        var told = ToldOf(partition);
        if (told.Appointed == appoint.Epoch)
            return;
        told.Appointed = appoint.Epoch;
        _logger.Info(
            "Partition {0}: {1} is to lead {2}, after {3} ms that the leader before may still count on.",
            partition.Partition,
            appoint.Leader,
            appoint.Epoch,
            (long)appoint.Lease.TotalMilliseconds);
    }

    private void TellResult(PartitionFailover partition, FailoverResult result)
    {
        switch (result)
        {
            case FailoverResult.Led led:
                _logger.Info(
                    "Partition {0}: {1} leads {2} and serves; nobody did for {3} ms.", partition.Partition, led.Leader, led.Epoch, (long)led.Unavailable.TotalMilliseconds);
                break;
            case FailoverResult.HandOverFailed failed:
                _logger.Warning("Partition {0}: {1} does not become its leader: {2}.", partition.Partition, failed.To, Words(failed.Why));
                break;
        }
    }

    // A hand-over has its own line where it is asked for.
    private static string? Reasoned(PartitionFailover partition) => partition.Reason switch
    {
        FailoverReason.NoLeader => "no replica leads",
        FailoverReason.LeaderAway => "its leader is unreachable, or says nothing any more",
        FailoverReason.LeaderStuck => $"{partition.Leader?.Leader} leads it and does not come to serve",
        _ => null,
    };

    private static string Words(HandOverFailure why) => why switch
    {
        HandOverFailure.NotCaughtUp => "the leader did not say in time that it has everything",
        HandOverFailure.NotInTime => "no majority gave it an epoch in time",
        HandOverFailure.TargetAway => "it is away, or has no vote",
        _ => "another replica leads",
    };

    private Told ToldOf(PartitionFailover partition)
    {
        if (!_told.TryGetValue(partition.Partition, out var told))
            _told[partition.Partition] = told = new Told { ComplainAt = Now + ComplainAfter };
        return told;
    }

    private sealed class Told
    {
        public FailoverReason Reason { get; set; }

        public Epoch Proposed { get; set; }

        public Epoch Appointed { get; set; }

        public TimeSpan ComplainAt { get; set; }
    }
}
