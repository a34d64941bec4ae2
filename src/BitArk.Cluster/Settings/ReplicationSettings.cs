using BitArk.Replication;

namespace BitArk.Cluster;

/// <summary>The stream from a leader to its followers.</summary>
/// <param name="SendWindowRecords">Unacknowledged records under way to one follower.</param>
/// <param name="SendWindowBytes">Unacknowledged bytes under way to one follower.</param>
/// <param name="SlowAfter">A window full for that long makes the follower slow.</param>
/// <param name="HeartbeatInterval">Acks and status flow at least that often.</param>
/// <param name="DeadAfter">Silence for that long makes a follower dead.</param>
/// <param name="RequireLease">Under <see cref="CommitRule.Leader"/>: writes only while the lease holds.</param>
public sealed record ReplicationSettings(
    int SendWindowRecords,
    int SendWindowBytes,
    TimeSpan SlowAfter,
    TimeSpan HeartbeatInterval,
    TimeSpan DeadAfter,
    bool RequireLease)
{
    internal static ReplicationSettings From(HoconReader reader)
    {
        var settings = new ReplicationSettings(
            reader.Number("replication.send-window-records", 1, 1_000_000),
            (int)reader.Bytes("replication.send-window-bytes", 64L << 10, 1L << 20),
            reader.Time("replication.slow-after", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            reader.Time("replication.heartbeat-interval", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            reader.Time("replication.dead-after", TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)),
            reader.Switch("replication.require-lease"));
        if (settings.DeadAfter <= settings.HeartbeatInterval)
            reader.Refuse("replication.dead-after", Duration.Format(settings.DeadAfter), $"more than bitark.replication.heartbeat-interval = {Duration.Format(settings.HeartbeatInterval)} is allowed");

        return settings;
    }
}
