using System.Collections.Concurrent;

namespace BitArk.Cluster.Tests.Routing;

/// <summary>Other nodes that answer what a test tells them to.</summary>
internal sealed class ScriptedPeers : IPeers
{
    private readonly ConcurrentDictionary<NodeId, ScriptedPeer> _peers = new();

    public IPeer To(NodeId node) => this[node.Name];

    public ScriptedPeer this[string name] => _peers.GetOrAdd(new NodeId(name), static node => new ScriptedPeer(node));
}

internal sealed class ScriptedPeer(NodeId name) : IPeer
{
    public List<(PartitionId Partition, WriteCommand Command)> Writes { get; } = [];

    public List<(bool FromLeader, CallRoute Route)> ReadsAsked { get; } = [];

    /// <summary>What the writes answer, the last one for ever.</summary>
    public Queue<WriteOutcome> WriteAnswers { get; } = new();

    /// <summary>What refuses the reads; when it is empty they are answered.</summary>
    public Queue<ReadRefusal> Refusals { get; } = new();

    public ReadPosition Position { get; set; } = new(new Epoch(3), new Lsn(500));

    public bool IsUp { get; set; } = true;

    /// <summary>Called before each answer.</summary>
    public Action OnCall { get; set; } = () => { };

    public ValueTask<WriteOutcome> WriteAsync(PartitionId partition, WriteCommand command, CancellationToken cancellation)
    {
        Writes.Add((partition, command));
        OnCall();
        return new(WriteAnswers.Count > 1 ? WriteAnswers.Dequeue() : WriteAnswers.Peek());
    }

    public IPartitionReads Reads(PartitionId partition, bool fromLeader, in CallRoute route, CancellationToken deadline)
    {
        ReadsAsked.Add((fromLeader, route));
        OnCall();
        return new Answers(this);
    }

    public Task<DigestOutcome> DigestAsync(PartitionId partition, Lsn at, CancellationToken cancellation) =>
        Task.FromResult<DigestOutcome>(new DigestOutcome.Unavailable(name.Name));

    private sealed class Answers(ScriptedPeer peer) : IPartitionReads
    {
        public bool IsRemote => true;

        public ReadPosition Position => peer.Position;

        public ValueTask<bool> WaitForAsync(ReadPosition seen, TimeSpan atMost, CancellationToken cancellation) => new(true);

        public ValueTask<bool> ContainsAsync(NamespaceId ns, UserId user, ChannelId channel, long message) =>
            peer.Refusals.TryDequeue(out var refusal) ? throw new ReadRefusedException(refusal) : new(message == 7);

        public ValueTask ContainsManyAsync(NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read) => throw new NotSupportedException();

        public ValueTask<ReadStateResult> ReadStateAsync(NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges) => throw new NotSupportedException();

        public ValueTask<UnreadResult> UnreadAsync(NamespaceId ns, UserId user, ChannelId channel, long head) => throw new NotSupportedException();

        public ValueTask<ReadOnlyMemory<byte>> ExportAsync(NamespaceId ns, UserId user, ChannelId channel) => throw new NotSupportedException();
    }
}
