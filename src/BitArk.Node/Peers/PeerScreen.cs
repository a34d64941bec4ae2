using BitArk.Cluster;

namespace BitArk.Node.Peers;

/// <summary>Decides whether this node may answer a read that was forwarded to it.</summary>
internal static class PeerScreen
{
    /// <summary>Why it may not; null when it may.</summary>
    public static ReadRefusal? RefusalOf(IPartition partition, bool fromLeader, in CallRoute route)
    {
        var (phase, leadership) = (partition.Phase, partition.Leadership);
        if (RefusalIn(phase) is { } refusal)
            return refusal;

        if (fromLeader && !(phase is PartitionPhase.Serving && leadership.IsLocal))
            return new ReadRefusal.NotLeader(leadership.Leader, leadership.Epoch);

        if (fromLeader && route.KnownEpoch != Epoch.None && route.KnownEpoch != leadership.Epoch)
            return new ReadRefusal.WrongEpoch(leadership.Leader, leadership.Epoch);

        return LossOf(partition, route);
    }

    /// <summary>That what the session has seen was cut; null when it was not, as far as is known here.</summary>
    public static ReadRefusal? LossOf(IPartition partition, in CallRoute route)
    {
        if (route.Seen == default || !partition.IsLost(route.Seen))
            return null;

        var end = partition.Positions;
        return new ReadRefusal.TokenLost(route.Seen, new ReadPosition(end.Epoch, end.WrittenLsn));
    }

    private static ReadRefusal? RefusalIn(PartitionPhase phase) => phase switch
    {
        { IsReadable: true } => null,
        PartitionPhase.Recovering recovering => new ReadRefusal.Recovering(recovering.Progress),
        PartitionPhase.Syncing syncing => new ReadRefusal.Recovering(syncing.Progress),
        PartitionPhase.Failed or PartitionPhase.Damaged => new ReadRefusal.StorageFailed(),
        _ => new ReadRefusal.NoLeader(),
    };
}
