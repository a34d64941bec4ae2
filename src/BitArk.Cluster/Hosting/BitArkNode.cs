using Akka.Actor;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Replication;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BitArk.Cluster;

/// <summary>
/// One node: its data directory and its partitions. Lives outside the ActorSystem, which may end and be built again, so
/// front ends keep the same objects from the start of the process to its end. Any thread.
/// </summary>
public sealed partial class BitArkNode : IReadStatusNode, IAsyncDisposable
{
    private readonly BitArkSettings _settings;
    private readonly IDisk _disk;
    private readonly TimeProvider _time;
    private readonly PartitionStatus[] _statuses;
    private readonly TaskCompletionSource<NodeFailure> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IActorRef> _partitionActors = [];
    private readonly SilencePace _silence;
    private NodeDirectory? _directory;
    private ISnapshotFetcher? _snapshots;

    /// <summary>A node that has not been opened yet.</summary>
    /// <param name="settings">What it is told.</param>
    /// <param name="disk">The file system; the machine's own unless given.</param>
    /// <param name="time">The clock of policies; the system's unless given.</param>
    /// <param name="logger">Where it tells what concerns no ActorSystem; nowhere unless given.</param>
    public BitArkNode(BitArkSettings settings, IDisk? disk = null, TimeProvider? time = null, ILogger<BitArkNode>? logger = null)
    {
        _settings = settings;
        _logger = logger ?? NullLogger<BitArkNode>.Instance;
        _disk = disk ?? PosixDisk.Instance;
        _time = time ?? TimeProvider.System;
        _own = new OwnFacts(settings);

        // Longer than any seed waits before it begins a cluster.
        _silence = new SilencePace(settings.Cluster.FormAfter * (settings.Cluster.SeedNodes.Count + 3));
        _views = new LayoutDirectory(_own.Name, Directory, () => Layout);
        var memory = new MemoryGate(settings.Memory.MaxBytes);
        _statuses = [.. Enumerable.Range(0, settings.Partitions).Select(i => new PartitionStatus(new PartitionId(i), settings, memory, _time))];
        Partitions = [.. _statuses.Select(status => new PartitionHandle(status))];
    }

    /// <inheritdoc/>
    public ClusterId ClusterId => _directory?.Meta.ClusterId
        ?? (_held is null ? throw new InvalidOperationException("The node has not been opened.") : default);

    /// <inheritdoc/>
    public string NodeName => _settings.NodeName;

    /// <inheritdoc/>
    public IReadOnlyList<IPartition> Partitions { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, NamespaceId> Namespaces => _settings.Namespaces;

    /// <summary>Completes when the node cannot go on; the process is to end then, non-zero. Never completes otherwise.</summary>
    public Task<NodeFailure> Failure => _failure.Task;

    /// <summary>Lets calls travel to other nodes. Before the node is started; never called where it is alone.</summary>
    /// <param name="peers">The other nodes as places to call.</param>
    /// <param name="snapshots">The way to their snapshots.</param>
    public void ConnectTo(IPeers peers, ISnapshotFetcher snapshots)
    {
        _snapshots = snapshots;
        foreach (var status in _statuses)
            status.Peers = peers;
    }

    /// <summary>
    /// Locks the data directory and reads its marker; a node that is alone creates it. Before everything else.
    /// </summary>
    /// <exception cref="NodeStartException">It is in use, does not fit the settings, or cannot be read or written.</exception>
    public void Open()
    {
        var root = Path.GetFullPath(_settings.DataDirectory);
        var creation = _own.Terms.For(_own.Name);
        try
        {
            if (_settings.Cluster.HasPeers)
            {
                Hold(root, creation);
                return;
            }

            // Before anything is written: a cluster's directory is to stay as it is.
            RefuseLayout(new DataDirectory(root));
            _directory = NodeDirectory.Open(root, creation, _disk);
        }
        catch (IOException e)
        {
            throw new NodeStartException(e.Message, e);
        }
    }

    // Every partition recovers in the background, and serves as soon as it is ready. In a cluster that is once the node knows which
    // partitions are its own.
    private void StartPartitions(ActorSystem system)
    {
        _system = system;
        if (_settings.Cluster.HasPeers)
        {
            StartMembership(system);
            return;
        }

        foreach (var status in _statuses)
            Start(status, system);
    }

    /// <summary>Completes when every partition leads, follows or lives elsewhere; fails with <see cref="NodeStartException"/> if one cannot.</summary>
    public async Task WhenServingAsync(CancellationToken cancellation = default)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_statuses.All(status => status.Phase is PartitionPhase.Serving or PartitionPhase.Following or PartitionPhase.Elsewhere))
        {
            if (_failure.Task.IsCompletedSuccessfully)
                throw new NodeStartException((await _failure.Task.ConfigureAwait(false)).ToString(), new IOException());

            await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends gracefully: no new writes, everything acknowledged durable and marked, logs closed, directory given free. Reads
    /// still work until disposal. A partition that does not end in time may still write, so it keeps the directory: call
    /// again, or end the process.
    /// </summary>
    /// <exception cref="AskTimeoutException">A partition did not end in time.</exception>
    /// <exception cref="TimeoutException">Its background work did not.</exception>
    public async Task StopPartitionsAsync(TimeSpan atMost)
    {
        EndForming();
        var stopped = AskToStopAsync(new PartitionProtocol.Stop(), atMost);

        // An ActorSystem that has ended took its actors with it, and they closed their logs: nobody is left to answer.
        if (await Task.WhenAny(stopped, _system?.WhenTerminated ?? stopped).ConfigureAwait(false) == stopped)
            await stopped.ConfigureAwait(false);

        // What an actor began on a thread of its own does not end with it.
        await Task.WhenAll(_statuses.Select(status => status.Jobs.WhenIdle)).WaitAsync(atMost).ConfigureAwait(false);
        _partitionActors.Clear();
        foreach (var status in _statuses)
            status.EndKept();
        if (_hasGuards)
            GuardJournalFile.Release(_directory!.Layout);
        _held?.Dispose();
        _directory?.Dispose();
    }

    /// <summary>Stops what still runs and frees the memory. No reader may be inside any more.</summary>
    public async ValueTask DisposeAsync()
    {
        EndForming();
        await DisposeSystemAsync().ConfigureAwait(false);

        // What a partition may still use, the end of the process frees.
        if (_partitionActors.Count > 0)
            return;

        _held?.Dispose();
        _directory?.Dispose();
        foreach (var status in _statuses)
        {
            // Left by an ActorSystem that has ended, and taken up by no other one.
            status.EndKept();
            var replica = status.Replica;
            status.Replica = null;
            replica?.Store.State.Dispose();
        }
    }

    private void Start(PartitionStatus status, ActorSystem system)
    {
        var environment = EnvironmentIn(system, _directory ?? throw new InvalidOperationException("The node has not been opened."));
        _partitionActors.Add(system.ActorOf(PartitionActor.Props(status, environment), $"partition-{status.Id}"));
    }

    private PartitionEnvironment EnvironmentIn(ActorSystem system, NodeDirectory directory)
    {
        var alone = new ReplicaSet([_own.Name]);
        return new PartitionEnvironment
        {
            Directory = directory,
            Disk = _disk,
            Time = _time,
            Failed = OnFailed,
            ReplicasOf = partition => Layout?.ReplicasOf(partition) ?? alone,
            Routes = _settings.Cluster.HasPeers ? new ClusterRoutes(system, Directory) : NoRoutes.Instance,
            Guards = _settings.Cluster.HasPeers ? GuardJournal.OfNode : null,
            Snapshots = _snapshots,
            HasJoinedLater = HasJoinedLater,
            GrpcAuthority = () => _own.GrpcAuthority,
            IsReachable = node => Directory.Find(node) is { Presence: NodePresence.Up or NodePresence.Leaving },
        };
    }

    private void OnFailed(PartitionId partition, string reason) => _failure.TrySetResult(new NodeFailure(partition, reason));
}
