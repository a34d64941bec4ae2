namespace BitArk.Chaos.Nodes;

/// <summary>
/// Rounds over one data directory: write from all connections, end the node rudely, start it again, compare every touched
/// read set with what was acknowledged. How the node is ended is the caller's: a signal, or the power.
/// </summary>
internal sealed class KillRounds(string binary, NodeSettings settings, int seed, int acknowledgedAtLeast)
{
    private static readonly TimeSpan MomentBound = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WriteBound = TimeSpan.FromSeconds(60);
    private readonly Random _random = new(seed);
    private readonly DataDirectoryWatch _watch = new(settings.DataDirectory);

    /// <summary>The clients and their histories.</summary>
    public Fleet Clients { get; } = new(seed, settings.Partitions);

    /// <summary>What the rounds crossed.</summary>
    public DataDirectoryWatch Crossed => _watch;

    /// <summary>Starts that were killed before the node served.</summary>
    public int KilledStarts { get; private set; }

    /// <summary>Kills so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>
    /// Writes to a serving node until enough is acknowledged and the moment has come, then lets <paramref name="end"/>
    /// take the process away.
    /// </summary>
    public async Task<(KillMoment Moment, long Acknowledged)> WriteAndEndAsync(NodeProcess node, Func<NodeProcess, Task> end)
    {
        long before = Clients.Acknowledged;
        using var stop = new CancellationTokenSource();
        Task watching = _watch.WatchAsync(stop.Token);
        Task writing = Clients.WriteAsync(node.Grpc, stop.Token);
        long enough = before + acknowledgedAtLeast + _random.Next(acknowledgedAtLeast);
        bool gotEnough = await Eventually.HoldsAsync(() => Clients.Acknowledged >= enough || writing.IsCompleted || node.HasExited, WriteBound);
        if (!gotEnough || Clients.Acknowledged < enough)
        {
            await stop.CancelAsync();
            await writing;
            throw new NodeException($"only {Clients.Acknowledged - before} of {enough - before} writes were acknowledged before the kill: {node.Tail()}");
        }

        KillMoment moment = await ComeAsync((KillMoment)_random.Next(5));
        await end(node);
        await stop.CancelAsync();
        await Task.WhenAll(writing, watching);
        Rounds++;
        return (moment, Clients.Acknowledged - before);
    }

    /// <summary>Starts the node again; now and then its recovery is killed too.</summary>
    public async Task<NodeProcess> RestartAsync(NodeSettings with)
    {
        while (_random.Next(8) == 0)
        {
            await using NodeProcess doomed = NodeProcess.Launch(binary, with);
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(150, 1_200)));
            await doomed.KillAsync();
            KilledStarts++;
        }

        NodeProcess node = await NodeProcess.StartAsync(binary, with);
        _watch.Look();
        return node;
    }

    /// <summary>One line that says what the rounds crossed.</summary>
    public string Summary() =>
        $"{Rounds} kills, {KilledStarts} more during recovery; {Clients.Acknowledged} operations acknowledged, {Clients.UnknownOutcomes} outcomes open at a kill, "
        + $"{Clients.Compared} read sets compared; crossed {_watch.SegmentRolls} segment rolls, {_watch.Snapshots} snapshots, "
        + $"{_watch.SegmentsCollected} segments collected, {_watch.TornTails} torn tails";

    private async Task<KillMoment> ComeAsync(KillMoment wanted)
    {
        (long rolls, int snapshots, int collections) = (_watch.SegmentRolls, _watch.Snapshots, _watch.Collections);
        bool came = wanted switch
        {
            KillMoment.WritingSnapshot => await Eventually.HoldsAsync(() => _watch.IsWritingSnapshot, MomentBound),
            KillMoment.SnapshotDone => await Eventually.HoldsAsync(() => _watch.Snapshots > snapshots, MomentBound),
            KillMoment.SegmentRolled => await Eventually.HoldsAsync(() => _watch.SegmentRolls > rolls, MomentBound),
            KillMoment.SegmentsCollected => await Eventually.HoldsAsync(() => _watch.Collections > collections, MomentBound),
            _ => await Eventually.HoldsAsync(() => false, TimeSpan.FromMilliseconds(_random.Next(300))),
        };
        return came ? wanted : KillMoment.Random;
    }
}
