using BitArk.Storage.ReadTables;
using BitArk.Storage.Sessions;

namespace BitArk.Storage.Replica;

/// <summary>
/// The memory of one replica: exactly what applying its log up to <see cref="LastAppliedLsn"/> gives. One writer applies
/// record by record; any thread reads <see cref="Tables"/> and the two positions.
/// <code>
/// LastAppliedLsn &lt;= ApplyingTo
/// </code>
/// A reader takes <see cref="ApplyingTo"/> <i>after</i> its look-up: everything it can have seen lies at or below it.
/// </summary>
public sealed partial class PartitionState : IDisposable
{
    private readonly PartitionStateOptions _options;
    private long _applyingTo;
    private long _lastApplied;
    private int _freed;

    /// <summary>The state before the first record of a log.</summary>
    public PartitionState(PartitionStateOptions options)
        : this(options, new ReadTableSet(), new SessionTable(options.SessionWindow, options.SessionMaxBytes), new EpochTable(), options.Geometry.Origin)
    {
    }

    private PartitionState(PartitionStateOptions options, ReadTableSet tables, SessionTable sessions, EpochTable epochs, Lsn at)
    {
        _options = options;
        Tables = tables;
        Tables.Hashes = options.Hashes;
        Sessions = sessions;
        Epochs = epochs;
        _applyingTo = _lastApplied = at.Value;
    }

    /// <summary>The read sets. Any thread reads; only the writer changes.</summary>
    public ReadTableSet Tables { get; }

    /// <summary>The sessions. Writer only.</summary>
    public SessionTable Sessions { get; }

    /// <summary>Which epoch wrote what. Writer only.</summary>
    public EpochTable Epochs { get; }

    /// <summary>End of what is applied. Any thread.</summary>
    public Lsn LastAppliedLsn => new(Volatile.Read(ref _lastApplied));

    /// <summary>End of the batch being applied; nothing visible lies beyond it. Any thread.</summary>
    public Lsn ApplyingTo => new(Volatile.Read(ref _applyingTo));

    /// <summary>Order-independent checksum of read sets and sessions; writer or quiescent only.</summary>
    public ulong Digest() => unchecked((Tables.Digest() * 0x9E37_79B9_7F4A_7C15) + Sessions.Digest());

    /// <summary>
    /// Frees the memory of a state that was replaced while others may have been reading it. Readers take no lock and leave no
    /// trace, but each holds a reference: when the collector finds none, the last of them has let go.
    /// </summary>
    ~PartitionState() => Free();

    /// <summary>Frees the memory now; nobody may read any more. Again is harmless.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Interlocked.Exchange(ref _freed, 1) != 0)
            return;
        Tables.Dispose();
        Sessions.Dispose();
    }
}
