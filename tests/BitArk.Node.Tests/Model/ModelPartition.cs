using System.Text;
using BitArk.Cluster;
using BitArk.Replication;
using BitArk.Storage.ReadTables;

namespace BitArk.Node.Tests.Model;

/// <summary>A replica without a disk: correct about read sets, positions and epochs, and willing to fail on demand.</summary>
internal sealed class ModelPartition(PartitionId id) : IPartition, IPartitionReads
{
    private const int RecordBytes = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(NamespaceId, UserId, ChannelId), ModelReadSet> _sets = [];
    private readonly TaskCompletionSource<CancellationToken> _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Lsn _lsn = new(64);
    private bool _isCut;

    public PartitionId Id => id;

    public PartitionPhase Phase { get; set; } = new PartitionPhase.Serving();

    public Epoch Epoch { get; set; } = new(1);

    /// <summary>What the next writes answer instead of being applied.</summary>
    public WriteOutcome? Refusal { get; set; }

    /// <summary>Operations whose first id lies here or beyond change nothing: their read set is as scattered as it may be.</summary>
    public long ScatteredFrom { get; set; } = long.MaxValue;

    /// <summary>Set: writes are applied but their answer never comes.</summary>
    public bool NeverConfirms { get; set; }

    /// <summary>Called when a write arrives.</summary>
    public Action OnWrite { get; set; } = () => { };

    /// <summary>Set: the memory stays behind the log, so that positions are waited for in vain.</summary>
    public bool NeverApplies { get; set; }

    /// <summary>Set: the history is cut while a position is waited for, and the memory then reaches as far as before.</summary>
    public bool IsCutWhileWaiting { get; set; }

    /// <summary>Set: every look-up is overtaken, and the writer never gets round to it.</summary>
    public bool NeverLooksUp { get; set; }

    /// <summary>Set: every export has this many bytes, whatever is in the read set.</summary>
    public int? ExportBytes { get; set; }

    /// <summary>Completes when the first call waits for what never comes, with what would end its waiting.</summary>
    public Task<CancellationToken> Waiting => _waiting.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public SnapshotOutcome SnapshotAnswer { get; set; } = new SnapshotOutcome.Written(new Lsn(128), 4096, 1);

    /// <summary>What the partition does once a snapshot was asked for.</summary>
    public PartitionPhase? PhaseOnSnapshot { get; set; }

    public CollectOutcome CollectAnswer { get; set; } = new CollectOutcome.Collected(2, 2048);

    public List<WriteCommand> Written { get; } = [];

    /// <summary>How often all positions were asked for.</summary>
    public int PositionsAsked { get; private set; }

    public PartitionPositions Positions
    {
        get
        {
            PositionsAsked++;
            return new(Epoch, _lsn, _lsn, _lsn, new Lsn(64), Lsn.Zero, _sets.Count, 1000);
        }
    }

    public ISnapshotSource? Snapshots { get; set; }

    public DigestOutcome Digest { get; set; } = new DigestOutcome.Computed(new Lsn(64), 0xD16E57);

    public WireCounts WireCounts { get; set; }

    public Leadership? Known { get; set; }

    public Leadership Leadership => Known ?? (Phase is PartitionPhase.Serving ? new Leadership(new NodeId("node1"), Epoch, IsLocal: true) : Leadership.None);

    public IReadOnlyList<ReplicaView>? Views { get; set; }

    public IReadOnlyList<ReplicaView> Replicas => Views ?? [
        new ReplicaView(
            new NodeId("node1"),
            Leadership.IsLocal ? ReplicaRole.Leader : ReplicaRole.Follower,
            Phase is PartitionPhase.Recovering ? FollowerStatus.Syncing : FollowerStatus.Alive)
        {
            WrittenLsn = _lsn,
            CommitLsn = _lsn,
            LastAppliedLsn = _lsn,
            SyncProgress = Phase is PartitionPhase.Recovering recovering ? recovering.Progress : 0,
        }];

    public ReadPosition Position => new(Epoch, _lsn);

    public bool IsLost(ReadPosition seen) => _isCut || seen.Epoch > Epoch || seen.Lsn > _lsn;

    public IPartitionReads Reads => this;

    /// <summary>Called when it is to be read as the leader's; may refuse.</summary>
    public Action<CallRoute> OnLeaderReads { get; set; } = _ => { };

    public IPartitionReads LeaderReads(in CallRoute route, CancellationToken deadline)
    {
        OnLeaderReads(route);
        return this;
    }

    public async ValueTask<WriteOutcome> WriteAsync(WriteCommand command, CancellationToken cancellation)
    {
        OnWrite();
        if (Refusal is { } refusal)
            return refusal;
        if (Phase is PartitionPhase.Recovering recovering)
            return new WriteOutcome.Recovering(recovering.Progress);
        if (NeverConfirms)
            await WaitAsync(Timeout.InfiniteTimeSpan, cancellation);

        lock (_lock)
        {
            Written.Add(command);
            _lsn = _lsn.Plus(RecordBytes);
            var changed = new long[command.Operations.Length];
            for (var i = 0; i < changed.Length; i++)
            {
                var operation = command.Operations.Span[i];
                changed[i] = operation.Range.From >= ScatteredFrom
                    ? ReadTable.TooScattered
                    : Set(operation.Namespace, operation.User, operation.Channel).Apply(operation.Kind, operation.Range);
            }

            return new WriteOutcome.Committed(Epoch, _lsn, changed);
        }
    }

    public async ValueTask<bool> WaitForAsync(ReadPosition seen, TimeSpan atMost, CancellationToken cancellation)
    {
        _isCut = IsCutWhileWaiting;
        if (!NeverApplies)
            return seen.Lsn <= _lsn;
        await WaitAsync(atMost, cancellation);
        return false;
    }

    public ValueTask<bool> ContainsAsync(NamespaceId ns, UserId user, ChannelId channel, long message)
    {
        if (NeverLooksUp)
            return new(Never<bool>());
        lock (_lock)
            return ValueTask.FromResult(Set(ns, user, channel).Contains(message));
    }

    public ValueTask ContainsManyAsync(NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read)
    {
        if (NeverLooksUp)
            return new(Never<bool>());
        lock (_lock)
        {
            for (var i = 0; i < messages.Length; i++)
                read.Span[i] = Set(ns, user, channel).Contains(messages.Span[i]);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<ReadStateResult> ReadStateAsync(NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges)
    {
        if (NeverLooksUp)
            return new(Never<ReadStateResult>());
        lock (_lock)
        {
            var set = Set(ns, user, channel);
            return ValueTask.FromResult(new ReadStateResult(
                set.Cursor,
                head is { } h ? Unread(set, h).Unread : null,
                head is { } g ? set.FirstUnread(g) : null,
                [.. set.Ranges.Take(maxRanges)],
                set.Ranges.Count > maxRanges));
        }
    }

    public ValueTask<UnreadResult> UnreadAsync(NamespaceId ns, UserId user, ChannelId channel, long head)
    {
        if (NeverLooksUp)
            return new(Never<UnreadResult>());
        lock (_lock)
            return ValueTask.FromResult(Unread(Set(ns, user, channel), head));
    }

    /// <summary>Not the Roaring format: the ranges as text, enough to see that bytes travel unchanged.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ExportAsync(NamespaceId ns, UserId user, ChannelId channel)
    {
        if (NeverLooksUp)
            return new(Never<ReadOnlyMemory<byte>>());
        if (ExportBytes is { } size)
            return new(new byte[size]);
        lock (_lock)
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(string.Join(',', Set(ns, user, channel).Ranges.Select(r => $"{r.From}-{r.To}"))));
    }

    public Task<SnapshotOutcome> SnapshotAsync(CancellationToken cancellation)
    {
        Phase = PhaseOnSnapshot ?? Phase;
        return Task.FromResult(SnapshotAnswer);
    }

    public Task<DigestOutcome> DigestAsync(Lsn at, CancellationToken cancellation) => Task.FromResult(Digest);

    public Task<CollectOutcome> CollectAsync(CancellationToken cancellation) => Task.FromResult(CollectAnswer);

    private Task<T> Never<T>()
    {
        _waiting.TrySetResult(CancellationToken.None);
        return new TaskCompletionSource<T>().Task;
    }

    private Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        _waiting.TrySetResult(cancellation);
        return Task.Delay(atMost, cancellation);
    }

    private static UnreadResult Unread(ModelReadSet set, long head) =>
        head == 0 ? new UnreadResult(0, null) : new UnreadResult(head - set.CountIn(new MessageRange(1, head)), set.FirstUnread(head));

    private ModelReadSet Set(NamespaceId ns, UserId user, ChannelId channel)
    {
        if (!_sets.TryGetValue((ns, user, channel), out var set))
            _sets[(ns, user, channel)] = set = new ModelReadSet();
        return set;
    }
}
