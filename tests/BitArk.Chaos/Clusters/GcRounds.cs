using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Clusters;

/// <summary>A follower stands still while the log grows past its window, in both modes of collection.</summary>
internal static class GcRounds
{
    private const long MaxLagBytes = 1 << 20;
    private const int SegmentBytes = 64 << 10;
    private const long LogWritten = 8 * MaxLagBytes;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    /// <summary>Windowed: the frozen follower becomes Outdated, and the log goes on without it.</summary>
    public static async Task WindowedAsync(Trio trio, ClusterFleet fleet, Report report)
    {
        (Member well, Member frozen) = (trio.Members[1], trio.Members[2]);
        await using (Load load = Load.Begin(fleet, trio.Members.Take(2)))
        {
            await load.AcknowledgesAsync(2_000, Bound);
            await frozen.Running.FreezeAsync();
            var seen = new RetentionWatch(trio, well, frozen);
            await seen.UntilAsync(LogWritten, Bound);
            report.Say($"        {seen}");
            report.Check(seen.FrozenStatuses.Contains("Outdated"), "the frozen follower becomes Outdated", string.Join(", ", seen.FrozenStatuses));
            report.Check(seen.WellStatuses.SetEquals(["Alive"]), "the other one is Alive all the while", string.Join(", ", seen.WellStatuses));
            report.Check(!seen.WellLostLog, "nothing that it needed was removed");
            report.Check(seen.RetainedPast, "the log is no longer kept for the frozen one");

            // The window, two snapshots apart and the log behind the older, the segment being filled and spares.
            long bound = MaxLagBytes + (4L * Math.Max(trio.Settings.SnapshotEveryBytes, seen.BiggestSnapshot)) + (3 * seen.BiggestSnapshot) + (8 * SegmentBytes);
            report.Check(seen.PeakBytes <= bound && bound < seen.LogBytes, $"the leader's directory peaked at {seen.PeakBytes} bytes, {seen.LogBytes} bytes of log were written", $"the bound is {bound}");
        }

        frozen.Running.Resume();
        await ClusterVerdict.CheckReadsAsync(trio, fleet, "the frozen follower goes on", report);
        report.Check(frozen.Count("fetches the leader's snapshot") > 0, "it came back by full sync");
        await ClusterVerdict.CheckEqualAsync(trio, report);
    }

    /// <summary>Conservative: the log is kept for a follower that is only slow, which streams what it missed.</summary>
    public static async Task ConservativeAsync(Trio trio, ClusterFleet fleet, Report report)
    {
        (Member well, Member frozen) = (trio.Members[1], trio.Members[2]);
        long frozenAt;
        await using (Load load = Load.Begin(fleet, trio.Members.Take(2)))
        {
            await load.AcknowledgesAsync(2_000, Bound);
            await frozen.Running.FreezeAsync();
            var seen = new RetentionWatch(trio, well, frozen);
            await seen.UntilAsync(LogWritten / 4, Bound);
            frozenAt = seen.FrozenAt;
            report.Say($"        {seen}");
            report.Check(seen.FrozenStatuses.Contains("Slow") && !seen.FrozenStatuses.Contains("Outdated"), "the frozen follower becomes Slow, and not more", string.Join(", ", seen.FrozenStatuses));
            report.Check(!seen.RetainedPast, "the log is kept for it");
            frozen.Running.Resume();
            await ClusterView.MustBecomeAsync(trio, frozen, "Alive", Bound);
            report.Pass("it is Alive again while writes go on");
        }

        await ClusterVerdict.CheckReadsAsync(trio, fleet, "the frozen follower went on", report);
        report.Check(frozen.Count("fetches the leader's snapshot") == 0, "it came back by the log alone");
        await trio.LeaderView.SnapshotAsync();
        await trio.LeaderView.SnapshotAsync();
        bool isCollected = await Eventually.HoldsAsync(
            async () =>
            {
                await trio.LeaderView.CollectAsync();
                return await trio.TryReplicaAsync(trio.Leader.Name, partition: 0) is { } leader && leader.MinRetainedLsn > frozenAt;
            },
            Bound);
        report.Check(isCollected, "and then the log is collected beyond where it stood");
        await ClusterVerdict.CheckEqualAsync(trio, report);
    }
}
