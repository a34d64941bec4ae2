using System.Diagnostics;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.Clusters;

/// <summary>Makes the last follower need a full sync, again and again, and harms each transfer in another way.</summary>
internal sealed class FullSyncs(Trio trio, ClusterFleet fleet, Report report)
{
    private const int LinkBytesPerSecond = 1 << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeaderPause = TimeSpan.FromMilliseconds(700);
    private readonly Member _follower = trio.Members[2];
    private readonly Link _link = trio.Links!.Grpc;
    private int _ordered;
    private int _installed;

    /// <summary>The connection breaks twice in the middle: the transfer goes on where it was.</summary>
    public async Task BrokenAsync(Load load)
    {
        await GoAwayUntilGoneAsync(load);
        long before = _link.BulkBytes;
        long size = SnapshotBytes();
        for (int cut = 1; cut <= 2; cut++)
        {
            int cuts = _link.Cuts;
            _link.CutAfter(size / 4);
            if (cut == 1)
                _follower.Launch();
            await MustAsync(() => _link.Cuts > cuts, "the transfer did not get to the place where it was to be cut");
        }

        await BackAsync(load, "broken twice");
        int said = _follower.Count("the transfer of the leader's snapshot broke");
        report.Check(said >= 2, $"the follower says of both that they broke, and goes on", $"said {said} times");

        // Each break costs at most the chunk under way; a transfer from the beginning would have taken half as much again.
        long took = _link.BulkBytes - before;
        report.Check(took < size + (size / 3), $"a snapshot of {size} bytes, broken twice, took {took} bytes on the wire");
    }

    /// <summary>One bit flips on the way: that chunk alone is fetched again.</summary>
    public async Task FlippedAsync(Load load)
    {
        await GoAwayUntilGoneAsync(load);
        long before = _link.BulkBytes;
        long size = SnapshotBytes();
        int flips = _link.Flips;
        _link.FlipOnce();
        _follower.Launch();
        await MustAsync(() => _link.Flips > flips, "no frame was large enough to flip a bit in it");
        await BackAsync(load, "a bit flipped");
        double found = await Metrics.SumAsync(_follower.Running, "bitark_partition_checksum_failures_total");
        long took = _link.BulkBytes - before;
        report.Check(found == 1 && took < size + (size / 3), $"the flipped bit was found and counted, and {took} bytes of wire brought a snapshot of {size}", $"counted {found}, {took} bytes for {size}");
    }

    /// <summary>The follower is killed twice in the middle, and the leader stands still for a moment.</summary>
    public async Task KilledAsync(Load load)
    {
        await GoAwayUntilGoneAsync(load);
        long size = SnapshotBytes();
        for (int kill = 0; kill < 2; kill++)
        {
            long passed = _link.BulkBytes;
            _follower.Launch();
            await MustAsync(() => _link.BulkBytes - passed > size / 4, "the transfer did not get to the place where the follower was to be killed");
            await _follower.KillAsync();
        }

        long last = _link.BulkBytes;
        _follower.Launch();
        await MustAsync(() => _link.BulkBytes - last > size / 4, "the third transfer did not begin");
        await trio.Leader.Running.FreezeAsync();
        await Task.Delay(LeaderPause);
        trio.Leader.Running.Resume();
        await BackAsync(load, "killed twice in it, and the leader frozen");
    }

    /// <summary>The follower's directory is gone: it joins as an empty node of the same name.</summary>
    public async Task EmptyAsync(Load load)
    {
        _link.BytesPerSecond = 0;
        await LeaveAsync();
        Directory.Delete(_follower.DataDirectory, recursive: true);
        await load.AcknowledgesAsync(200, Bound);
        _follower.Launch();
        await BackAsync(load, "its directory deleted");
    }

    private async Task LeaveAsync()
    {
        await _follower.KillAsync();
        (_ordered, _installed) = (Ordered, Installed);
    }

    private int Ordered => trio.Leader.Count($"{_follower.Name} needs a full sync");

    private int Installed => _follower.Count("installing the leader's snapshot");

    // Two snapshots beyond what it has: the older of the two that are kept is, and so is the log.
    private async Task GoAwayUntilGoneAsync(Load load)
    {
        _link.BytesPerSecond = 0;
        await LeaveAsync();
        long has = (await LeaderPartitionAsync()).Replicas.First(replica => replica.Node == _follower.Name).LastAckLsn;
        bool isGone = await Eventually.HoldsAsync(
            async () =>
            {
                await load.AcknowledgesAsync(300, Bound);
                await trio.LeaderView.SnapshotAsync();
                await trio.LeaderView.CollectAsync();
                return (await LeaderPartitionAsync()).Replicas.First(replica => replica.Node == trio.Leader.Name).MinRetainedLsn > has;
            },
            Bound);
        if (!isGone)
            throw new NodeException($"the leader kept the log from {has} on for a follower that is gone");
        _link.BytesPerSecond = LinkBytesPerSecond;
    }

    private async Task BackAsync(Load load, string what)
    {
        var elapsed = Stopwatch.StartNew();
        await _follower.ServesAsync();
        long acknowledged = fleet.Acknowledged;
        ReplicaInfo? seen = null;
        bool isAlive = await Eventually.HoldsAsync(
            async () =>
            {
                await trio.ReviveAsync();
                seen = await trio.TryReplicaAsync(_follower.Name, partition: 0);
                return seen is { Status: "Alive", LastAckLsn: > 0 };
            },
            Bound);
        await load.AcknowledgesAsync(100, Bound);
        report.Check(
            isAlive && Ordered > _ordered && Installed == _installed + 1,
            $"full sync, {what}: Alive again after {elapsed.Elapsed.TotalSeconds:0.0} s, {fleet.Acknowledged - acknowledged} operations acknowledged meanwhile",
            $"{(seen is null ? "the leader says nothing of it" : ClusterView.Say(seen))}; ordered {Ordered - _ordered} times, installed {Installed - _installed} times");
    }

    private async Task<PartitionInfo> LeaderPartitionAsync() =>
        await trio.TryPartitionsAsync() is [var partition, ..] ? partition : throw new NodeException("the leader does not say what it leads");

    // While writes go on the leader may write a newer one, of nearly the same size.
    private long SnapshotBytes() => trio.Leader.Files(0, "snapshots", "*.snap").Select(path => new FileInfo(path).Length).Last();

    private static async Task MustAsync(Func<bool> condition, string otherwise)
    {
        if (!await Eventually.HoldsAsync(condition, Bound))
            throw new NodeException(otherwise);
    }
}
