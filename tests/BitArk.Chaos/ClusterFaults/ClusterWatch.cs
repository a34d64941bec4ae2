using System.Diagnostics;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Clusters;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>Asks every node again and again what it thinks of the cluster: who leads in which epoch, and how far the log is committed, so that the archive can take it.</summary>
internal sealed class ClusterWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Trio _trio;
    private readonly LogArchive _archive;
    private readonly Task _watching;
    private readonly Dictionary<(int Partition, Epoch Epoch, string Node), long> _claims = [];
    private readonly Dictionary<(string Node, int Partition), Lsn> _retained = [];

    /// <summary>Begins.</summary>
    public ClusterWatch(Trio trio, LogArchive archive)
    {
        (_trio, _archive) = (trio, archive);
        _watching = Task.WhenAll(trio.Members.Select((member, i) => Task.Run(() => WatchAsync(member, trio.Views[i]))));
    }

    /// <summary>Everybody who said that it leads, and when it was first heard to, in ticks of the run's clock.</summary>
    public IReadOnlyList<(int Partition, Epoch Epoch, string Node, long Since)> Claims
    {
        get
        {
            lock (_lock)
                return [.. _claims.Select(claim => (claim.Key.Partition, claim.Key.Epoch, claim.Key.Node, claim.Value)).OrderBy(claim => claim.Value)];
        }
    }

    /// <summary>The node that leads a partition by the newest epoch heard of, and that epoch; null before anybody did.</summary>
    public (string Node, Epoch Epoch)? Leader(int partition)
    {
        lock (_lock)
            return _claims.Keys.Where(claim => claim.Partition == partition).OrderByDescending(claim => claim.Epoch).Select(claim => ((string, Epoch)?)(claim.Node, claim.Epoch)).FirstOrDefault();
    }

    /// <summary>The oldest position that a replica's files held when last asked.</summary>
    public Lsn Retained(string node, int partition)
    {
        lock (_lock)
            return _retained.GetValueOrDefault((node, partition));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    /// <summary>Looks at every node once, now.</summary>
    public async Task LookAsync() => await Task.WhenAll(_trio.Members.Select((member, i) => LookAsync(member, _trio.Views[i])));

    private async Task WatchAsync(Member member, ClusterView view)
    {
        using var ticks = new PeriodicTimer(Every);
        try
        {
            while (await ticks.WaitForNextTickAsync(_stop.Token))
                await LookAsync(member, view);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private async Task LookAsync(Member member, ClusterView view)
    {
        foreach (PartitionInfo partition in await view.TryPartitionsAsync())
        {
            ReplicaInfo? own = partition.Replicas.FirstOrDefault(replica => replica.Node == member.Name);
            lock (_lock)
            {
                if (partition.Leader == member.Name)
                    _claims.TryAdd((partition.Id, new Epoch(partition.Epoch), member.Name), Stopwatch.GetTimestamp());
                if (own is not null)
                    _retained[(member.Name, partition.Id)] = new Lsn(own.MinRetainedLsn);
            }

            if (own is not null)
                _archive.Take(member, partition.Id, new Lsn(own.MinRetainedLsn), new Lsn(own.CommitLsn));
        }
    }
}
