namespace BitArk.Cli.Replay;

/// <summary>
/// Which batches of a replay are acknowledged. Batches end in any order; what may be resumed from is the prefix without a
/// gap. At most <paramref name="size"/> batches run from the end of that prefix on, so a batch that is stuck stops the
/// rest before a session's window of remembered writes has moved past it. Not thread-safe: the caller locks.
/// </summary>
/// <param name="size">Batches under way at once, >= 1.</param>
internal sealed class AckWindow(int size)
{
    private readonly Dictionary<long, Acknowledged> _ahead = [];

    /// <summary>Batches started so far; the next one has this index.</summary>
    public long Started { get; private set; }

    /// <summary>Batches 0 … this - 1 are all acknowledged.</summary>
    public long PrefixBatches { get; private set; }

    /// <summary>Reads in that prefix.</summary>
    public long PrefixReads { get; private set; }

    /// <summary>Ids that the prefix changed.</summary>
    public long PrefixChanged { get; private set; }

    /// <summary>Whether that is the true sum.</summary>
    public bool IsPrefixExact { get; private set; } = true;

    /// <summary>Whether another batch may start.</summary>
    public bool HasRoom => Started - PrefixBatches < size;

    /// <summary>Starts the next batch and returns its index.</summary>
    public long Start()
    {
        if (!HasRoom)
        {
            throw new InvalidOperationException($"{size} batches are under way already");
        }

        return Started++;
    }

    /// <summary>Batch <paramref name="index"/> is acknowledged; returns whether the prefix grew.</summary>
    public bool Complete(long index, int reads, long changed, bool isExact = true)
    {
        if (index < PrefixBatches || index >= Started || !_ahead.TryAdd(index, new Acknowledged(reads, changed, isExact)))
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, "not under way");
        }

        var before = PrefixBatches;
        while (_ahead.Remove(PrefixBatches, out var next))
        {
            PrefixBatches++;
            PrefixReads += next.Reads;
            PrefixChanged += next.Changed;
            IsPrefixExact &= next.IsExact;
        }

        return PrefixBatches != before;
    }

    private readonly record struct Acknowledged(int Reads, long Changed, bool IsExact);
}
