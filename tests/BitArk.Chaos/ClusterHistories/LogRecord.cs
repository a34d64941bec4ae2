using BitArk.Storage.Wal;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>One record of a partition's log, read from a replica's files.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">The position behind it: what an acknowledgement's token names.</param>
/// <param name="Epoch">Its leader's epoch.</param>
/// <param name="Type">What it carries.</param>
/// <param name="Checksum">Its CRC, which covers its position and all its bytes.</param>
internal sealed record LogRecord(Lsn Start, Lsn End, Epoch Epoch, RecordType Type, uint Checksum)
{
    /// <summary>Session of a write; 0: none.</summary>
    public long Session { get; init; }

    /// <summary>The session's number of the write.</summary>
    public long Sequence { get; init; }

    /// <summary>What a write does.</summary>
    public IReadOnlyList<MarkOperation> Operations { get; init; } = [];

    /// <summary>The node that begins to lead.</summary>
    public string Leader { get; init; } = "";

    /// <summary>Whether it is a client's write.</summary>
    public bool IsWrite => Type == RecordType.Marks;

    /// <summary>What a write is found by.</summary>
    public WriteIdentity Identity => WriteIdentity.Of(Session, Sequence, Operations);

    /// <inheritdoc/>
    public override string ToString() => $"{Epoch}@{Start}-{End} {Type}{(IsWrite ? $" {Identity}" : Leader.Length > 0 ? $" {Leader}" : "")}";
}
