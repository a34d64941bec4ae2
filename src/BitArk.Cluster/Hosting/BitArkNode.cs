using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

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
    private NodeDirectory? _directory;

    /// <summary>A node that has not been opened yet.</summary>
    /// <param name="settings">What it is told.</param>
    /// <param name="disk">The file system; the machine's own unless given.</param>
    /// <param name="time">The clock of policies; the system's unless given.</param>
    public BitArkNode(BitArkSettings settings, IDisk? disk = null, TimeProvider? time = null)
    {
        _settings = settings;
        _disk = disk ?? PosixDisk.Instance;
        _time = time ?? TimeProvider.System;
        var memory = new MemoryGate(settings.Memory.MaxBytes);
        _statuses = [.. Enumerable.Range(0, settings.Partitions).Select(i => new PartitionStatus(new PartitionId(i), settings, memory, _time))];
        Partitions = [.. _statuses.Select(status => new PartitionHandle(status))];
    }

    /// <inheritdoc/>
    public ClusterId ClusterId => _directory?.Meta.ClusterId ?? throw new InvalidOperationException("The node has not been opened.");

    /// <inheritdoc/>
    public string NodeName => _settings.NodeName;

    /// <inheritdoc/>
    public IReadOnlyList<IPartition> Partitions { get; }

    /// <inheritdoc/>
    public INodeDirectory? Directory { get; set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, NamespaceId> Namespaces => _settings.Namespaces;

    /// <summary>Completes when the node cannot go on; the process is to end then, non-zero. Never completes otherwise.</summary>
    public Task<NodeFailure> Failure => _failure.Task;

    /// <summary>Lets calls travel to other nodes. Before <see cref="StartPartitions"/>; never called where this node is alone.</summary>
    public void ConnectTo(IPeers peers)
    {
        foreach (var status in _statuses)
            status.Peers = peers;
    }

    /// <summary>Locks the data directory and reads or creates its marker. Before <see cref="StartPartitions"/>.</summary>
    /// <exception cref="NodeStartException">It is in use, does not fit the settings, or cannot be read or written.</exception>
    public void Open()
    {
        var sessions = _settings.Sessions;
        var creation = new CreationSettings(
            _settings.NodeName, _settings.Partitions, _settings.ReplicationFactor, _settings.Wal.SegmentBytes, sessions.Window, sessions.MaxBytes);
        try
        {
            _directory = NodeDirectory.Open(Path.GetFullPath(_settings.DataDirectory), creation, _disk);
        }
        catch (IOException e)
        {
            throw new NodeStartException(e.Message, e);
        }
    }

    /// <summary>Starts recovering every partition in the background; each serves as soon as it is ready.</summary>
    public void StartPartitions(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var directory = _directory ?? throw new InvalidOperationException("The node has not been opened.");
        var environment = new PartitionEnvironment(directory, _disk, _time, OnFailed);
        foreach (var status in _statuses)
            _partitionActors.Add(system.ActorOf(PartitionActor.Props(status, environment), $"partition-{status.Id}"));
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
    public async Task StopPartitionsAsync(TimeSpan atMost)
    {
        await Task.WhenAll(_partitionActors.Select(actor => actor.Ask<PartitionProtocol.Stopped>(new PartitionProtocol.Stop(), atMost))).ConfigureAwait(false);
        _partitionActors.Clear();
        _directory?.Dispose();
    }

    /// <summary>Stops what still runs and frees the memory. No reader may be inside any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisposeSystemAsync().ConfigureAwait(false);

        // What a partition may still use, the end of the process frees.
        if (_partitionActors.Count > 0)
            return;

        _directory?.Dispose();
        foreach (var status in _statuses)
        {
            var replica = status.Replica;
            status.Replica = null;
            replica?.Store.State.Dispose();
        }
    }

    private void OnFailed(PartitionId partition, string reason) => _failure.TrySetResult(new NodeFailure(partition, reason));
}
