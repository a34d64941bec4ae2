namespace BitArk.Storage.Wal;

/// <summary>Where a log lies, whose it is and how it is cut into files.</summary>
public sealed record WalOptions
{
    /// <summary>The smallest batch limit, 4 KiB.</summary>
    public const int MinBatchBytes = 4 * 1024;

    /// <summary>The largest batch limit, 64 MiB.</summary>
    public const int MaxBatchLimitBytes = 64 * 1024 * 1024;

    /// <summary>The largest tail kept in memory, 1 GiB.</summary>
    public const int MaxTailBytes = 1 << 30;

    private readonly int _maxBatchBytes = 1024 * 1024;
    private readonly int _tailBytes;

    /// <summary>The directory of the segments; created when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>The file of the durable mark, in another directory than the segments'.</summary>
    public required string DurableMarkPath { get; init; }

    /// <summary>The cluster the log belongs to.</summary>
    public required ClusterId ClusterId { get; init; }

    /// <summary>The partition the log belongs to.</summary>
    public required PartitionId Partition { get; init; }

    /// <summary>The segments' size; the same for the life of the cluster.</summary>
    public required LogGeometry Geometry { get; init; }

    /// <summary>One group commit's limit, 4 KiB … 64 MiB; a record larger than it still goes through, alone.</summary>
    public int MaxBatchBytes
    {
        get => _maxBatchBytes;
        init => _maxBatchBytes = value is >= MinBatchBytes and <= MaxBatchLimitBytes
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A batch has 4 KiB to 64 MiB.");
    }

    /// <summary>How much of the newest log is kept in memory for <see cref="LogReader"/>s, 0 … 1 GiB, rounded up to a power of two; 0: nothing, where nobody reads the log.</summary>
    public int TailBytes
    {
        get => _tailBytes;
        init => _tailBytes = value is >= 0 and <= MaxTailBytes
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A tail has 0 to 1 GiB.");
    }

    /// <summary>Whether the caller knows that this log existed: then a missing mark is corruption, and never a fresh start.</summary>
    public bool MustExist { get; init; }
}
