using Akka;
using Akka.Actor;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Partitions;
using Microsoft.Extensions.Logging;

namespace BitArk.Cluster;

// The node's ActorSystems, one after another: a member that was given up by the others can never be one again, but the node can be
// a new one. Storage, memory and front ends stay as they are meanwhile.
public sealed partial class BitArkNode
{
    private const string StopTask = "bitark-stop";

    private readonly CancellationTokenSource _ending = new();
    private readonly ILogger _logger;
    private IActorSystems? _systems;
    private volatile RunningSystem? _run;
    private Task _running = Task.CompletedTask;
    private int? _port;
    private long _rebuilds;

    /// <inheritdoc/>
    public long Rebuilds => Interlocked.Read(ref _rebuilds);

    /// <summary>What the partitions' actors publish, for tests.</summary>
    internal IReadOnlyList<PartitionStatus> Statuses => _statuses;

    private bool IsOver => _hasEnded || _failure.Task.IsCompleted;

    /// <summary>Starts the first ActorSystem, and from then on another one whenever one has ended. After <see cref="Open"/>.</summary>
    /// <exception cref="Exception">The first one cannot start.</exception>
    internal async Task RunAsync(IActorSystems systems, CancellationToken cancellation)
    {
        _systems = systems;
        await StartSystemAsync(cancellation).ConfigureAwait(false);
        _running = KeepRunningAsync();
    }

    /// <summary>Ends whatever runs, in order, and gives the directory free.</summary>
    internal async Task EndAsync()
    {
        EndForming();
        if (_run is { } run)
            await run.EndAsync().ConfigureAwait(false);

        await _running.ConfigureAwait(false);

        // A partition that did not end may still write: it keeps the directory.
        if (_run is null or { System.WhenTerminated.IsCompleted: true })
            await StopPartitionsAsync(StopBound).ConfigureAwait(false);
    }

    private async Task StartSystemAsync(CancellationToken cancellation)
    {
        var run = await _systems!.StartAsync(AkkaSettings.Of(_settings, _port), cancellation).ConfigureAwait(false);
        try
        {
            lock (_forming)
            {
                if (!_hasEnded)
                {
                    Enter(run);
                    return;
                }
            }
        }
        catch
        {
            await run.EndAsync().ConfigureAwait(false);
            throw;
        }

        await run.EndAsync().ConfigureAwait(false);
    }

    private void Enter(RunningSystem run)
    {
        var system = run.System;
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, StopTask, async () =>
        {
            var bound = shutdown.Timeout(CoordinatedShutdown.PhaseBeforeActorSystemTerminate);
            await (_hasEnded ? StopPartitionsAsync(bound) : AskToStopAsync(new PartitionProtocol.Stop(Keep: true), bound)).ConfigureAwait(false);
            return Done.Instance;
        });
        _run = run;

        // Where the others know this node, although any free port was asked for.
        if (_settings.Cluster.HasPeers)
            _port = Akka.Cluster.Cluster.Get(system).SelfAddress.Port;
        StartPartitions(system);
    }

    private async Task KeepRunningAsync()
    {
        var pace = new RebuildPace(Random.Shared);
        try
        {
            while (true)
            {
                var (run, began) = (_run!, _time.GetTimestamp());
                await run.System.WhenTerminated.ConfigureAwait(false);
                if (IsOver)
                    return;

                var lived = _time.GetElapsedTime(began);
                if (!await TryLeaveAsync(run).ConfigureAwait(false))
                    return;

                while (!await TryRebuildAsync(pace.Next(lived)).ConfigureAwait(false))
                    lived = TimeSpan.Zero;
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The node ends: there is nothing to build any more.
        }
        catch (Exception e)
        {
            // Nobody would build an ActorSystem again: better no process than one that waits for ever.
            _failure.TrySetResult(new NodeFailure(null, $"its connection to the other nodes ended, and what belonged to it could not be let go: {e.Message}"));
        }
    }

    private async Task<bool> TryRebuildAsync(TimeSpan pause)
    {
        LogRebuild(NodeName, pause.TotalSeconds);
        await Task.Delay(pause, _time, _ending.Token).ConfigureAwait(false);
        try
        {
            await StartSystemAsync(_ending.Token).ConfigureAwait(false);
            Interlocked.Increment(ref _rebuilds);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotRebuilt(e, NodeName);
            return false;
        }
    }

    // Everything of an ActorSystem that has ended is let go. False: the node has ended meanwhile, and has done so itself.
    private async Task<bool> TryLeaveAsync(RunningSystem run)
    {
        (_membership, _reporter, _coordinator) = (null, null, null);
        Directory.Publish([]);
        await run.EndAsync().ConfigureAwait(false);
        foreach (var status in _statuses)
            await status.Jobs.WhenIdle.WaitAsync(_ending.Token).ConfigureAwait(false);

        lock (_forming)
        {
            if (_hasEnded)
                return false;

            _partitionActors.Clear();
            WithdrawWhatWasNotKept();
            if (_hasGuards)
                GuardJournalFile.Release(_directory!.Layout);
            return true;
        }
    }

    // What its partitions did not leave in order is read again from the disk.
    private void WithdrawWhatWasNotKept()
    {
        var others = _statuses.Where(status => status is { HasKept: false, Replica: not null }).ToList();
        others.ForEach(status => status.Withdraw());

        // The collector would not hurry for a few small objects, whose native memory it does not see.
        if (others.Count > 0)
            GC.Collect();
    }

    private async Task AskToStopAsync(PartitionProtocol.Stop stop, TimeSpan atMost)
    {
        IActorRef[] actors;
        lock (_forming)
            actors = [.. _partitionActors];
        await Task.WhenAll(actors.Select(actor => actor.Ask<PartitionProtocol.Stopped>(stop, atMost))).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "BitArk {Node} is no member of its cluster any more and joins it again in {Seconds:F1} s; what it holds can be read meanwhile")]
    private partial void LogRebuild(string node, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "BitArk {Node} could not build its connection to the cluster anew; it is tried again")]
    private partial void LogNotRebuilt(Exception cause, string node);
}
